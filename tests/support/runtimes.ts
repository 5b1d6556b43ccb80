/** Other runtimes than Deno, from the packages of npm that hold nothing but their program. */
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { runOk } from "./process.ts";

/** A runtime of JavaScript. */
export interface Runtime {
  /** For names of tests, for example `Node 22`. */
  readonly name: string;
  readonly program: string;
}

const ARM = process.arch === "arm64";
const NODE = `node-linux-${ARM ? "arm64" : "x64"}`;
const BUN = `@oven/bun-linux-${ARM ? "aarch64" : "x64-baseline"}`;

/** The releases that the package promises to work on, each the newest of its line. */
const RUNTIMES = [
  ["Node 20", NODE, "20", "bin/node"],
  ["Node 22", NODE, "22", "bin/node"],
  ["Node 24", NODE, "24", "bin/node"],
  ["Bun", BUN, "1", "bin/bun"],
] as const;

/** Installs what is missing into the user's cache, and returns all of them. */
export function installRuntimes(): Promise<Runtime[]> {
  return Promise.all(RUNTIMES.map(async ([name, spec, version, program]) => {
    const folder = await installPackage(spec, version);
    return { name, program: join(folder, "node_modules", spec, program) };
  }));
}

/** Installs a package into a folder of its own in the user's cache. */
async function installPackage(name: string, version: string): Promise<string> {
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "moat-build", "npm");
  const folder = join(cache, `${name.replace("/", "+")}@${version}`);
  if (existsSync(folder)) return folder;
  mkdirSync(cache, { recursive: true });
  const partial = mkdtempSync(join(cache, "partial-"));
  try {
    const options = ["--no-audit", "--no-fund", "--ignore-scripts", "--no-package-lock"];
    await runOk("npm", ["install", ...options, "--prefix", partial, `${name}@${version}`]);
    moveInto(partial, folder);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  return folder;
}

function moveInto(partial: string, folder: string): void {
  try {
    renameSync(partial, folder);
  } catch (error) {
    // Another test run was faster.
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw error;
  }
}
