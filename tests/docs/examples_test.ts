/** The examples in doc comments run as they stand, in a folder that has what they name. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "../../mod.ts";
import { writeFiles } from "../build/support.ts";
import { daemonTest } from "../support/env.ts";
import { run } from "../support/process.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { ROOT } from "./markdown.ts";

const EXAMPLE_REGEXP = /^ *\* ```ts no-eval\n([\s\S]*?)^ *\* ```$/gm;
const DOCKERFILE = `FROM scratch AS base
COPY VERSION /
FROM base AS api
FROM base AS web
FROM base
ARG VERSION
LABEL version=$VERSION
`;

/** What needs an engine that runs containers, and what goes on until it is stopped. */
const LEFT_OUT = /startSidecar|follow: true/;

daemonTest("examples in doc comments run", async ({ tcpAddress: address }, context) => {
  await using folder = tempFolder();
  writeFiles(folder.path, { Dockerfile: DOCKERFILE, VERSION: "1.2.3\n" });
  // Some look at the newest build's attachments.
  await build({ address, context: folder.path, output: "image", provenance: "max" });
  const { stdout } = await run("grep", ["-rl", "```ts no-eval", "src", "mod.ts"], { cwd: ROOT });
  const examples = stdout.trim().split("\n").sort((a, b) =>
    Number(/control/.test(b)) - Number(/control/.test(a))
  )
    .flatMap((path) => {
      const text = readFileSync(join(ROOT, path), "utf8");
      return [...text.matchAll(EXAMPLE_REGEXP)].map((match) => ({
        name: `${path}:${text.slice(0, match.index).split("\n").length}`,
        code: match[1]!.replaceAll(/^ *\* ?/gm, ""),
      }));
    }).filter(({ code }) => !LEFT_OUT.test(code));
  assert(examples.length >= 8, `${examples.length} examples`);
  const module = pathToFileURL(join(ROOT, "mod.ts")).href;
  for (const { name, code } of examples) {
    await context.step(name, async () => {
      const file = join(folder.path, "example.ts");
      const text = code.replaceAll("@moat/build", module)
        .replaceAll(/tcp:\/\/(?:127\.0\.0\.1|buildkit):1234/g, address);
      writeFileSync(file, text);
      const args = ["run", "-A", "--no-check", `--config=${join(ROOT, "deno.json")}`, file];
      const { code: exit, stderr } = await run(Deno.execPath(), args, {
        cwd: folder.path,
        env: { BUILDKIT_HOST: address },
        signal: AbortSignal.timeout(60_000),
      });
      assert.equal(exit, 0, stderr);
    });
  }
});
