/**
 * Bundles the command into one folder of JavaScript without packages: `deno task bundle [FOLDER]`, `dist` by default. Run
 * `cli.js` in it. What is loaded late stays in files of its own, so that starting is as quick as from the sources.
 */
import { join, resolve } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { runOk } from "../tests/support/process.ts";

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

/**
 * Writes the bundle into `folder` and returns the path of its program. `more` are other modules to be had from it, by their
 * paths in the repository: they then are in the folder under these paths, ending in `.js`.
 */
export async function bundle(folder: string, more: readonly string[] = []): Promise<string> {
  // Of dockerode's dependencies two look for compiled parts, and do without.
  const options = ["--quiet", "--code-splitting", "--external", "*.node", "--outdir"];
  const args = ["bundle", ...options, resolve(folder), "cli.ts", ...more];
  await runOk(Deno.execPath(), args, { cwd: ROOT });
  return join(resolve(folder), "cli.js");
}

if (import.meta.main) console.log(await bundle(process.argv[2] ?? "dist"));
