import assert from "node:assert/strict";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "../../src/build.ts";
import { OptionError } from "../../src/errors.ts";
import { vcsPart } from "../../src/parts/vcs.ts";
import type { BuildOptions } from "../../src/types.ts";
import { COPY_ALL, folderOf } from "../build/support.ts";
import { daemonTest } from "../support/env.ts";
import { commitAll, git } from "../support/git_repository.ts";
import { tempFolder } from "../support/temp_folder.ts";

const warnings: string[] = [];
const scope = {
  env: () => undefined,
  logger: { warn: (line: string) => void warnings.push(line) },
  signal: new AbortController().signal,
};

async function attrsOf(options: BuildOptions): Promise<Record<string, string>> {
  return { ...(await vcsPart(options, scope)).attrs };
}

const FILES = { "app/Dockerfile": COPY_ALL, "app/a": "1", "deploy/Other": "", "lib/b": "2" };
const SOURCE = "https://example.com/team/app.git";

/** A repository with a remote. */
function repository(): { path: string; commit: string } & AsyncDisposable {
  const folder = folderOf(FILES);
  const commit = commitAll(folder.path);
  git(folder.path, "remote", "add", "origin", "https://me:token@example.com/team/app.git");
  return { ...folder, path: folder.path, commit };
}

Deno.test("vcsPart() says where folders are in the repository", async () => {
  await using at = repository();
  const facts = { "vcs:revision": at.commit, "vcs:source": SOURCE };
  const app = join(at.path, "app");
  assert.deepEqual(await attrsOf({ vcs: true, context: app }), {
    ...facts,
    "vcs:localdir:context": "app",
    "vcs:localdir:dockerfile": "app",
  });
  const other = { path: join(at.path, "deploy/Other") };
  const contexts = { lib: join(at.path, "lib"), context: at.path, image: "docker-image://a" };
  assert.deepEqual(await attrsOf({ vcs: true, context: app, dockerfile: other, contexts }), {
    ...facts,
    "vcs:localdir:context": "app",
    "vcs:localdir:dockerfile": "deploy",
    "vcs:localdir:lib": "lib",
    "vcs:localdir:_context": ".",
  });
  assert.deepEqual(
    await attrsOf({ vcs: true, context: [{ x: "" }, at.path], dockerfile: "FROM a" }),
    {
      ...facts,
      "vcs:localdir:context": ".",
    },
  );
});

Deno.test("vcsPart() goes through symlinks, and leaves out what is elsewhere", async () => {
  await using at = repository();
  await using outside = folderOf({ Dockerfile: "", x: "" });
  const link = join(outside.path, "link");
  symlinkSync(join(at.path, "app"), link);
  const attrs = await attrsOf({
    vcs: true,
    context: link,
    dockerfile: { path: join(outside.path, "Dockerfile") },
    contexts: { out: outside.path },
  });
  assert.deepEqual(Object.keys(attrs), ["vcs:revision", "vcs:source", "vcs:localdir:context"]);
});

Deno.test("vcsPart() marks changes as it is asked to", async () => {
  await using at = repository();
  const context = at.path;
  const revision = async (dirty: "tracked" | "all" | false) =>
    (await attrsOf({ vcs: { dirty }, context }))["vcs:revision"];
  writeFileSync(join(at.path, "new"), "");
  assert.equal(await revision("tracked"), at.commit);
  assert.equal(await revision("all"), `${at.commit}-dirty`);
  writeFileSync(join(at.path, "lib/b"), "3");
  assert.equal(await revision("tracked"), `${at.commit}-dirty`);
  assert.equal(await revision(false), at.commit);
});

Deno.test("vcsPart() makes labels", async () => {
  await using at = repository();
  const vcs = { labels: true, provenance: false };
  assert.deepEqual(await attrsOf({ vcs, context: join(at.path, "app") }), {
    "label:org.opencontainers.image.revision": at.commit,
    "label:org.opencontainers.image.source": SOURCE,
    "label:com.docker.image.source.entrypoint": "app/Dockerfile",
  });
});

Deno.test("vcsPart() says nothing of other contexts", async () => {
  await using folder = folderOf({ a: "" });
  const contexts = [folder.path, { a: "" }, SOURCE, new Blob([]).stream()];
  for (const context of contexts) assert.deepEqual(await attrsOf({ vcs: true, context }), {});
  await using at = repository();
  assert.deepEqual(await attrsOf({ vcs: false, context: at.path }), {});
});

Deno.test("vcsPart() warns of a repository that it can't read", async () => {
  await using folder = folderOf({ ".git/HEAD": "garbage" });
  warnings.length = 0;
  assert.deepEqual(await attrsOf({ vcs: true, context: folder.path }), {});
  assert.equal(warnings.length, 1);
  assert.match(warnings[0]!, /^The git revision of \S+ is not recorded: HEAD is malformed$/);
});

for (const vcs of ["yes", { drty: true }, { dirty: true }, { dirty: "some" }]) {
  Deno.test(`vcsPart() refuses ${JSON.stringify(vcs)}`, async () => {
    await assert.rejects(attrsOf({ vcs: vcs as never, context: "." }), OptionError);
  });
}

daemonTest("build() records the git revision in the provenance", async ({ address }) => {
  await using at = repository();
  await using out = tempFolder();
  mkdirSync(join(out.path, "out"));
  await build({
    address,
    context: join(at.path, "app"),
    vcs: { labels: true },
    provenance: "max",
    output: { type: "local", dest: out.path },
  });
  const { predicate } = JSON.parse(readFileSync(join(out.path, "provenance.json"), "utf8"));
  const { runDetails, metadata } = predicate;
  const found = (runDetails?.metadata?.buildkit_metadata ??
    metadata["https://mobyproject.org/buildkit@v1#metadata"]).vcs;
  assert.deepEqual(found, {
    revision: at.commit,
    source: SOURCE,
    "localdir:context": "app",
    "localdir:dockerfile": "app",
  });
});
