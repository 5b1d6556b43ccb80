/** An experiment: our command whose dynamic imports Deno can't foresee. */
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "./measure.ts";
import { path } from "./runtimes.ts";

/**
 * Deno reads every module that a literal `import()` names before it runs the first one. Copies our command to `folder` with
 * imports that are no literals, which tells what that costs; it is no way to ship it, for bundlers can't follow them either.
 */
export function unannounced(folder: string, args: string[]): Command {
  mkdirSync(folder);
  for (const name of ["cli.ts", "deno.json", "deno.lock", "src"]) {
    cpSync(path(`../${name}`), join(folder, name), { recursive: true });
  }
  for (const name of readdirSync(join(folder, "src"), { recursive: true, encoding: "utf8" })) {
    if (name.endsWith(".ts")) hideImports(join(folder, "src", name));
  }
  const config = join(folder, "deno.json");
  return {
    program: Deno.execPath(),
    args: ["run", "--allow-all", "--config", config, join(folder, "cli.ts"), ...args],
  };
}

function hideImports(file: string): void {
  const text = readFileSync(file, "utf8");
  const hidden = text.replace(/(?<!typeof )\bimport\(("\.[^"]*")\)/g, "import(String($1))");
  if (hidden !== text) writeFileSync(file, hidden);
}
