/** Our command and the bench's own scripts under Deno and under Node, each from the package that is published for it. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runOk } from "../tests/support/process.ts";
import { installRuntimes } from "../tests/support/runtimes.ts";
import { bundle } from "../tools/bundle.ts";
import { makeNpm } from "../tools/npm.ts";
import type { Command } from "./measure.ts";

/** Scripts in `bench/scripts/`. */
const SCRIPTS = ["together", "abort", "empty", "import", "builds"] as const;

/** The Node that is measured: of the releases that the package promises to work on, the newest with long-term support. */
const NODE = "Node 24";

/** A way to run what is ours. */
export interface Runtime {
  name: "deno" | "node";
  /** Our command. */
  cli(...args: string[]): Command;
  script(name: typeof SCRIPTS[number], ...args: string[]): Command;
}

/** Makes both; what they run is put into `scratch`. */
export async function runtimes(scratch: string): Promise<Record<Runtime["name"], Runtime>> {
  const [forDeno, forNode] = [join(scratch, "for-deno"), join(scratch, "for-node")];
  const commands = { deno: await bundle(forDeno), node: await makeNpm(forNode) };
  for (const folder of [forDeno, forNode]) {
    for (const name of SCRIPTS) await makeScript(name, folder);
  }
  const program = await nodeProgram();
  const node = (file: string, args: string[]) => ({ program, args: [file, ...args] });
  return {
    deno: {
      name: "deno",
      cli: (...args) => denoRun(commands.deno, args),
      script: (name, ...args) => denoRun(join(forDeno, `${name}.mjs`), args),
    },
    node: {
      name: "node",
      cli: (...args) => node(commands.node, args),
      script: (name, ...args) => node(join(forNode, `${name}.mjs`), args),
    },
  };
}

/** The path of the Node that is measured. */
export async function nodeProgram(): Promise<string> {
  const found = (await installRuntimes()).find(({ name }) => name === NODE);
  if (found === undefined) throw new Error(`${NODE} is not among the runtimes that are installed`);
  return found.program;
}

/** A script in JavaScript beside the package, which it imports in place of the sources. */
async function makeScript(name: string, folder: string): Promise<void> {
  const source = join(folder, `${name}.ts`);
  const text = readFileSync(path(`scripts/${name}.ts`), "utf8");
  writeFileSync(source, text.replaceAll("../../mod.ts", "./mod.js"));
  const output = ["--external", "./mod.js", "--output", `${name}.mjs`];
  await runOk(Deno.execPath(), ["bundle", "--quiet", ...output, source], { cwd: folder });
}

/** `deno run` of a file with all permissions. */
export function denoRun(file: string, args: string[], config: string[] = ["--no-config"]): Command {
  return { program: Deno.execPath(), args: ["run", "--allow-all", ...config, file, ...args] };
}

/** The path of a file by its place beside this one. */
export function path(relative: string): string {
  return fileURLToPath(new URL(relative, import.meta.url));
}
