/** The programs in the documentation that are marked `ts run` run as they stand, on a real builder with a real registry. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { writeFiles } from "../build/support.ts";
import { daemonTest } from "../support/env.ts";
import { run } from "../support/process.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { pages, ROOT } from "./markdown.ts";

const PROGRAM_REGEXP = /^```ts run\n([\s\S]*?)^```$/gm;

daemonTest("programs in the guides run", async ({ tcpAddress: address, registry }, context) => {
  const programs = pages().flatMap(({ path, text }) =>
    [...text.matchAll(PROGRAM_REGEXP)].map((match) => ({
      name: `${path}:${text.slice(0, match.index).split("\n").length}`,
      code: match[1]!,
    }))
  );
  assert(programs.length > 10, `${programs.length} programs`);
  const module = pathToFileURL(join(ROOT, "mod.ts")).href;
  for (const { name, code } of programs) {
    await context.step(name, async () => {
      await using folder = tempFolder();
      writeFiles(folder.path, { "README.md": "a file\n" });
      const file = join(folder.path, "program.ts");
      writeFileSync(
        file,
        code.replaceAll("@moat/build", module).replaceAll("registry.example", registry),
      );
      const args = ["run", "-A", "--no-check", `--config=${join(ROOT, "deno.json")}`, file];
      const { code: exit, stdout, stderr } = await run(Deno.execPath(), args, {
        cwd: folder.path,
        env: { BUILDKIT_HOST: address, REGISTRY_PASSWORD: "none is needed here" },
        signal: AbortSignal.timeout(120_000),
      });
      assert.equal(exit, 0, stderr);
      for (const [, said] of code.matchAll(/^\/\/ (.+)$/gm)) {
        assert(stdout.includes(said!), `${said} is not in ${stdout}`);
      }
    });
  }
});
