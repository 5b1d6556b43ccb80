/** Our command and the bench's own scripts under Deno, from source, and under Node, bundled. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runOk } from "../tests/support/process.ts";
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

/** Makes both; bundles are put into `scratch`. */
export async function runtimes(scratch: string): Promise<Record<Runtime["name"], Runtime>> {
  const cli = path("../cli.ts");
  const bundled = (name: string) => join(scratch, `${name}.mjs`);
  await bundle(cli, bundled("cli"));
  for (const name of SCRIPTS) await bundle(source(name), bundled(name));
  return {
    deno: {
      name: "deno",
      cli: (...args) => denoRun(cli, args),
      script: (name, ...args) => denoRun(source(name), args),
    },
    node: {
      name: "node",
      cli: (...args) => ({ program: "node", args: [bundled("cli"), ...args] }),
      script: (name, ...args) => ({ program: "node", args: [bundled(name), ...args] }),
    },
  };
}

/** `deno run` of a file with all permissions. */
export function denoRun(file: string, args: string[]): Command {
  return {
    program: Deno.execPath(),
    args: ["run", "--allow-all", "--config", path("../deno.json"), file, ...args],
  };
}

/** Bundles `source` for Node into `out`; `more` are other arguments of `deno bundle`. */
export async function bundle(source: string, out: string, more: string[] = []): Promise<void> {
  const to = more.includes("--code-splitting") ? "--outdir" : "-o";
  const args = ["bundle", "--quiet", "--external=dockerode", ...more, to, out, source];
  await runOk(Deno.execPath(), args);
}

function source(name: typeof SCRIPTS[number]): string {
  return path(`scripts/${name}.ts`);
}

/** The path of a file by its place beside this one. */
export function path(relative: string): string {
  return fileURLToPath(new URL(relative, import.meta.url));
}
