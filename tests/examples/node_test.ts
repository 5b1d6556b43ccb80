/** Examples copied out of the repository, into a project that has the package from npm: on Node, and with its test runners. */
import assert from "node:assert/strict";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { packForNpm } from "../../tools/npm.ts";
import { writeFiles } from "../build/support.ts";
import { daemonTest } from "../support/env.ts";
import { startHubBuilder } from "../support/hub_builder.ts";
import { run } from "../support/process.ts";
import { installRuntimes } from "../support/runtimes.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { linesOf, ROOT } from "./support.ts";

const APP_REGEXP = /^.*\bthe app is (sha256:[0-9a-f]{64})$/m;

daemonTest("examples work on Node with the package from npm", async (environment, context) => {
  await using folder = tempFolder();
  await using hub = await startHubBuilder(environment);
  const [archive, runtimes] = await Promise.all([packForNpm(folder.path), installRuntimes()]);
  const project = join(folder.path, "project");
  writeFiles(project, { "package.json": `{ "private": true, "type": "module" }` });
  cpSync(join(ROOT, "examples"), project, { recursive: true });
  const options = ["--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline"];
  const install = (...names: string[]) =>
    run("npm", ["install", ...options, ...names], { cwd: project });
  const hasVitest = (await install(archive, "vitest@4")).code === 0;
  if (!hasVitest) assert.equal((await install(archive)).code, 0);
  const env = { BUILDKIT_HOST: hub.tcpAddress, NO_COLOR: "1" };
  const node = runtimes.find(({ name }) => name === "Node 24")!.program;

  for (const { name, program } of runtimes.filter((runtime) => /2[24]/.test(runtime.name))) {
    for (const [example, last] of [["in_memory", /is an archive of/], ["cancel", /^loop: left$/]]) {
      await context.step(`${example} on ${name}`, async () => {
        const lines = linesOf(await run(program, [`${example}.ts`], { cwd: project, env }));
        assert.match(lines.at(-1)!, last as RegExp);
      });
    }
  }

  const images = new Set<string>();
  const sameApp = (output: string) => {
    images.add(APP_REGEXP.exec(output)?.[1] ?? output);
    assert.deepEqual([...images].map((image) => image.slice(0, 7)), ["sha256:"]);
  };
  await context.step("an image of node:test", async () => {
    const lines = linesOf(await run(node, ["--test", "fixtures/node.ts"], { cwd: project, env }));
    assert(lines.some((line) => /^\S+ pass 2$/.test(line)), lines.join("\n"));
    sameApp(lines.join("\n"));
  });
  await context.step({
    name: "the same image of Vitest",
    // Dozens of packages that are not ours: where they can't be had, nothing of ours is wrong.
    ignore: !hasVitest,
    fn: async () => {
      const args = ["node_modules/vitest/vitest.mjs", "run", "fixtures/vitest.spec.ts"];
      const lines = linesOf(await run(node, args, { cwd: project, env }));
      assert(lines.some((line) => /^\s*Tests\s+2 passed \(2\)$/.test(line)), lines.join("\n"));
      sameApp(lines.join("\n"));
    },
  });
});
