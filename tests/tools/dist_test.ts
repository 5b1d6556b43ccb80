/** What is published: few files, of which a plain build loads two or three. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { renameSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeJsr } from "../../tools/jsr.ts";
import { writeFiles } from "../build/support.ts";
import { daemonTest } from "../support/env.ts";
import { runOk } from "../support/process.ts";
import { tempFolder } from "../support/temp_folder.ts";

/** What `deno doc --json` tells of a module, as far as it matters here. */
interface DocumentedModule {
  module_doc?: { doc?: string };
  symbols: { name: string; declarations: { jsDoc?: { doc?: string } }[] }[];
}

/** Under Deno all ways to Node's modules lead through its process, which takes 15 ms to load. */
const TRAP = `
  Object.defineProperty(globalThis, "process", { get: () => { throw new Error("loaded") } });
`;

daemonTest("the package for JSR", async (environment, context) => {
  await using folder = tempFolder();
  const root = join(folder.path, "package");
  await makeJsr(root);
  const project = join(folder.path, "project");
  writeFiles(project, { Dockerfile: "FROM scratch\nCOPY . /\n", "file.txt": "text" });
  const moatBuild = (program: string, ...args: string[]) =>
    runOk(Deno.execPath(), ["run", "--allow-all", join(root, program), ...args]);
  const flags = ["--progress", "plain", "--addr", environment.tcpAddress];
  const build = ["build", ...flags, "--output", "type=cacheonly", project];

  await context.step("can be published", async () => {
    await runOk(Deno.execPath(), ["publish", "--dry-run", "--allow-dirty"], { cwd: root });
  });
  await context.step("meets what JSR scores", async () => {
    const config = JSON.parse(readFileSync(join(root, "deno.json"), "utf8"));
    assert(config.description.length > 20 && config.description.length <= 250);
    assert.equal(config.license, "MIT");
    assert(existsSync(join(root, "README.md")) && existsSync(join(root, "LICENSE")));
    const files = Object.values<string>(config.exports).map((name) => name.replace(/js$/, "d.ts"));
    const { stdout } = await runOk(Deno.execPath(), ["doc", "--json", ...files], { cwd: root });
    const modules = Object.values<DocumentedModule>(JSON.parse(stdout).nodes);
    assert.equal(modules.length, files.length);
    for (const { module_doc, symbols } of modules) {
      assert(module_doc?.doc, "an entry says nothing of itself");
      const silent = symbols.filter(({ declarations }) =>
        !declarations.some(({ jsDoc }) => jsDoc?.doc)
      );
      assert.deepEqual(silent.map(({ name }) => name), []);
    }
  });
  await context.step("is the command, too", async () => {
    assert.match((await moatBuild("mod.js", "--version")).stdout, /^moat-build \d/);
  });
  await context.step("types what it exports", async () => {
    const typed = `
      import { build, type BuildOptions } from "./package/mod.js";
      const options: BuildOptions = { context: "." };
      // @ts-expect-error: it is text
      options.address = 1;
      export const digest: string | undefined = (await build(options)).digest;
    `;
    writeFiles(folder.path, { "typed.ts": typed });
    await runOk(Deno.execPath(), ["check", join(folder.path, "typed.ts")]);
  });
  symlinkSync("file.txt", join(project, "link"));
  const trap = join(folder.path, "trap.js");
  writeFileSync(trap, TRAP);
  const run = (program: string, ...args: string[]) =>
    runOk(Deno.execPath(), ["run", "--allow-all", "--preload", trap, program, ...args]);

  await context.step("as a command builds with two files beside the program", async () => {
    await using _ = only(root, "cli.js", "build_command.js", "build.js");
    const { stderr } = await run(join(root, "cli.js"), ...build);
    assert.match(stderr, /COPY \. \//);
    assert.match(stderr, /sent \d files?, .*, of 3 entries/);
  });
  await context.step("builds in a program with two files beside its entry", async () => {
    await using _ = only(root, "mod.js", "library.js", "public.js", "build.js");
    const program = join(folder.path, "program.js");
    const options = { context: project, address: environment.tcpAddress, output: "cacheonly" };
    writeFiles(folder.path, {
      "program.js": `import { build } from "./package/mod.js";
        await build(${JSON.stringify(options)});
        console.log("built");`,
    });
    assert.equal((await run(program)).stdout, "built\n");
  });
});

/** Moves all other scripts of `root` away, until it is disposed. Those that stay hold nothing that is slow to load. */
function only(root: string, ...names: string[]): AsyncDisposable {
  for (const name of names) {
    const text = readFileSync(join(root, name), "utf8");
    // Under Deno each of Node's modules takes long to load.
    assert.doesNotMatch(text, /^import .*["']node:/m);
    // With other characters V8 has it in twice the memory, and takes a millisecond more.
    assert.doesNotMatch(text, /[^\0-\x7f]/);
  }
  const away = tempFolder();
  const others = readdirSync(root).filter((name) => name.endsWith(".js") && !names.includes(name));
  for (const name of others) renameSync(join(root, name), join(away.path, name));
  return {
    [Symbol.asyncDispose]: () => {
      for (const name of others) renameSync(join(away.path, name), join(root, name));
      return away[Symbol.asyncDispose]();
    },
  };
}
