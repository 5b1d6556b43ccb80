/**
 * Bundles the command into one folder of JavaScript without packages: `deno task bundle [FOLDER]`, `dist` by default. Run
 * `cli.js` in it. What is loaded late stays in files of its own, so that starting is as quick as from the sources.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { runOk } from "../tests/support/process.ts";
import { makeDist } from "./dist.ts";

const ROOT = fileURLToPath(new URL("../", import.meta.url));

/**
 * What the command needs of Deno's permissions. Files below `/dev` and `/proc` it can't have with them, as those that shells
 * make for `src=<(command)`: Deno gives them to programs with `--allow-all` alone.
 */
export const PERMISSIONS: readonly string[] = [
  "--allow-net", // builders, engines, token services
  "--allow-read", // contexts, configuration
  "--allow-write", // outputs, caches
  "--allow-env", // BUILDKIT_HOST and others, secrets of the environment
  "--allow-run", // credential helpers, ssh, a private daemon
  "--allow-sys=hostname,uid", // whose folders the builder holds; whether daemons can be started
  "--no-prompt",
];

/** The one package that the command imports, and its place in the bundle. */
const PACKAGE = ["dockerode", "./dockerode.js"] as const;

/** What the package's dependencies expect of every module, and what is in none of the standard's. */
const COMMON_JS = `const __dirname = import.meta.dirname ?? "";\n`;

/**
 * Writes the bundle into `folder`, which is emptied, and returns the path of its program. `more` are sources that get files of
 * their own besides, by the files' names.
 */
export async function bundle(
  folder: string,
  more: Readonly<Record<string, string>> = {},
): Promise<string> {
  const [name, place] = PACKAGE;
  const { dependencies } = await makeDist(folder, { [name]: place }, more);
  const source = `npm:${name}@${dependencies[name]}`;
  // Of its dependencies two look for compiled parts, and do without.
  const output = resolve(folder, place);
  const options = ["--quiet", "--external", "*.node", "--output", output];
  await runOk(Deno.execPath(), ["bundle", ...options, source], { cwd: ROOT });
  writeFileSync(output, COMMON_JS + readFileSync(output, "utf8"));
  return join(resolve(folder), "cli.js");
}

if (import.meta.main) console.log(await bundle(process.argv[2] ?? "dist"));
