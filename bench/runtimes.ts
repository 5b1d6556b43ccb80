/** Our command and the bench's own scripts under Deno and under Node, as they are published. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runOk } from "../tests/support/process.ts";
import { bundle } from "../tools/bundle.ts";
import type { Command } from "./measure.ts";

/** Scripts in `bench/scripts/`. */
const SCRIPTS = ["together", "abort", "empty", "import", "builds"] as const;

/** A way to run what is ours. */
export interface Runtime {
  name: "deno" | "node";
  /** Our command. */
  cli(...args: string[]): Command;
  script(name: typeof SCRIPTS[number], ...args: string[]): Command;
}

/** Makes both; what they run is put into `scratch`. */
export async function runtimes(scratch: string): Promise<Record<Runtime["name"], Runtime>> {
  const cli = await bundle(join(scratch, "package"));
  writeFileSync(join(scratch, "package.json"), '{ "type": "module" }\n');
  for (const name of SCRIPTS) await makeScript(name, scratch);
  const script = (name: string) => join(scratch, `${name}.mjs`);
  return {
    deno: {
      name: "deno",
      cli: (...args) => denoRun(cli, args),
      script: (name, ...args) => denoRun(script(name), args),
    },
    node: {
      name: "node",
      cli: (...args) => ({ program: "node", args: [cli, ...args] }),
      script: (name, ...args) => ({ program: "node", args: [script(name), ...args] }),
    },
  };
}

/** A script in JavaScript that imports the package in place of the sources. */
async function makeScript(name: string, scratch: string): Promise<void> {
  const source = join(scratch, `${name}.ts`);
  const text = readFileSync(path(`scripts/${name}.ts`), "utf8");
  writeFileSync(source, text.replaceAll("../../mod.ts", "./package/mod.js"));
  const args = [
    "bundle",
    "--quiet",
    "--external",
    "./package/*",
    "--output",
    `${name}.mjs`,
    source,
  ];
  await runOk(Deno.execPath(), args, { cwd: scratch });
}

/** `deno run` of a file with all permissions. */
export function denoRun(file: string, args: string[], config: string[] = ["--no-config"]): Command {
  return { program: Deno.execPath(), args: ["run", "--allow-all", ...config, file, ...args] };
}

/** The path of a file by its place beside this one. */
export function path(relative: string): string {
  return fileURLToPath(new URL(relative, import.meta.url));
}
