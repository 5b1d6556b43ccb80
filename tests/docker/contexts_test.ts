/** Contexts of all kinds with the BuildKit inside real engines. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { BuildError } from "../../src/build_error.ts";
import { OptionError } from "../../src/errors.ts";
import type { BuildOptions } from "../../src/types.ts";
import { folderOf, readFiles } from "../build/support.ts";
import { engineTest } from "../support/env.ts";
import { commitAll } from "../support/git_repository.ts";
import { serveGit } from "../support/git_server.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { buildOn } from "./support.ts";

const COPY = "FROM scratch\nCOPY a.txt /\n";
const OPT_OUT = { MOAT_DISABLE_BUILDKIT: "1" };

async function filesOn(host: string, options: BuildOptions): Promise<Record<string, string>> {
  await using out = tempFolder();
  await buildOn(host, { ...options, output: { type: "local", dest: out.path } });
  return readFiles(out.path);
}

engineTest("build() on {} takes contexts of all kinds", async (engine) => {
  await using root = folderOf({ "app.git/Dockerfile": COPY, "app.git/a.txt": "1" });
  const repository = join(root.path, "app.git");
  const archive = () => spawnSync("tar", ["-cf", "-", "-C", repository, "."]).stdout;
  const files = { "a.txt": "1" };
  const stream = new Blob([Uint8Array.from(archive())]).stream();
  assert.deepEqual(await filesOn(engine.host, { context: stream }), files);
  const named = {
    dockerfile: "FROM scratch\nCOPY --from=one a.txt /\nCOPY --from=two b.txt /\n",
    contexts: { one: repository, two: { "b.txt": "2" } },
  };
  if (engine.containerdStore) {
    assert.deepEqual(await filesOn(engine.host, named), { ...files, "b.txt": "2" });
  } else {
    // The oldest one's frontend has no such contexts.
    await assert.rejects(filesOn(engine.host, named), (error) => {
      return error instanceof BuildError && error.code === "FRONTEND_TOO_OLD" &&
        /too old for contexts with names \(BuildKit v0\.10\)\n/.test(error.message);
    });
  }
  commitAll(repository);
  await using server = await serveGit(root.path);
  // The oldest one takes master where no branch is named.
  const context = `${server.url}/app.git#main`;
  assert.deepEqual(await filesOn(engine.host, { context }), files);
});

const REMOTE: [what: string, context: () => string | ReadableStream<Uint8Array>][] = [
  ["a URL", () => "https://example.com/app.git"],
  ["a stream", () => new Blob(["x"]).stream()],
];

for (const [what, context] of REMOTE) {
  engineTest(`build() on {}'s classic builder refuses ${what} as context`, async (engine) => {
    await assert.rejects(
      buildOn(engine.host, { context: context() }, OPT_OUT),
      (error) =>
        error instanceof OptionError && error.option === "context" &&
        /a URL or a stream as the context needs BuildKit/.test(error.message),
    );
  }, ({ native }) => !native);
}

engineTest("build() on {}'s classic builder does without the git revision", async (engine) => {
  await using folder = folderOf({ Dockerfile: COPY, "a.txt": "1" });
  commitAll(folder.path);
  await buildOn(engine.host, { context: folder.path, vcs: true }, OPT_OUT);
  await assert.rejects(
    buildOn(engine.host, { context: folder.path, vcs: { labels: true } }, OPT_OUT),
    /Invalid vcs\.labels: labels from git needs BuildKit/,
  );
}, ({ native }) => !native);
