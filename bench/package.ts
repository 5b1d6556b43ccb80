/** The package for npm: how large it is, and what its command costs on each runtime until it does something. */
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { runOk } from "../tests/support/process.ts";
import { installRuntimes } from "../tests/support/runtimes.ts";
import { packForNpm } from "../tools/npm.ts";
import { makeSmall } from "./contexts.ts";
import { type Command, measure, type Sample } from "./measure.ts";
import { denoRun, path } from "./runtimes.ts";
import { median, table } from "./statistics.ts";
import { load, say, type Section, type Setting } from "./suite.ts";

/** These runs are short: more of them make a steady median. */
const RUNS_PER_ROUND = 3;

/** What is started, from the least to all. */
const USES = ["--version", "build --help", "a build"] as const;

/** Measures the package, and its command installed from it. */
export async function packaged(setting: Setting): Promise<Section | undefined> {
  if (!setting.wanted("package")) return undefined;
  const before = load();
  say(`the package (load ${before.toFixed(1)})`);
  const project = join(setting.scratch, "project");
  const archive = await packForNpm(setting.scratch);
  const sizes = await install(project, archive);
  const context = join(setting.scratch, "context");
  makeSmall(context, "package");
  const samples = await startUps(setting, project, context);
  for (const folder of [project, context]) rmSync(folder, { recursive: true, force: true });
  const rows = Object.entries(samples).map(([name, uses]) => [
    name,
    ...USES.flatMap((use) => {
      const all = uses[use] ?? [];
      if (all.length === 0) return ["", ""];
      return [
        (median(all.map(({ wall }) => wall)) * 1_000).toFixed(0),
        (median(all.map(({ cpu }) => cpu)) * 1_000).toFixed(0),
      ];
    }),
  ]);
  const text = [
    `The package has ${kilobytes(sizes.packed)}, unpacked ${kilobytes(sizes.unpacked)} in ` +
    `${sizes.files} files. Installed with its dependency and all that this needs: ` +
    `${kilobytes(sizes.installed)} in ${sizes.packages} packages.`,
    `The command, wall time and CPU time in milliseconds, medians. Load ${before.toFixed(1)}.`,
    table(["", ...USES.flatMap((use) => [use, "CPU"])], rows),
  ].join("\n\n");
  return { text, data: { load: before, sizes, samples } };
}

interface Sizes {
  packed: number;
  unpacked: number;
  files: number;
  installed: number;
  packages: number;
}

async function install(project: string, archive: string): Promise<Sizes> {
  mkdirSync(project, { recursive: true });
  writeFileSync(join(project, "package.json"), `{ "private": true, "type": "module" }`);
  const options = ["--no-audit", "--no-fund", "--ignore-scripts"];
  await runOk("npm", ["install", ...options, archive], { cwd: project });
  const modules = join(project, "node_modules");
  const { bytes: unpacked, files } = sizeOf(join(modules, "@moat/build"));
  const { stdout } = await runOk("npm", ["ls", "--all", "--parseable"], { cwd: project });
  return {
    packed: statSync(archive).size,
    ...{ unpacked, files, installed: sizeOf(modules).bytes },
    packages: stdout.trim().split("\n").length - 1,
  };
}

function sizeOf(folder: string): { bytes: number; files: number } {
  const all = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => statSync(join(entry.parentPath, entry.name)).size);
  return { bytes: all.reduce((sum, size) => sum + size, 0), files: all.length };
}

function kilobytes(bytes: number): string {
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(0)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

async function startUps(
  setting: Setting,
  project: string,
  context: string,
): Promise<Record<string, Record<string, Sample[]>>> {
  const { daemon, rounds, scratch } = setting;
  const build = ["build", "--progress", "quiet", "--addr", daemon.address, context];
  const uses = {
    "--version": ["--version"],
    "build --help": ["build", "--help"],
    "a build": build,
  };
  const samples: Record<string, Record<string, Sample[]>> = {};
  for (let i = 0; i <= rounds * RUNS_PER_ROUND; i++) {
    for (const [name, start] of Object.entries(await starters(project))) {
      for (const [use, args] of Object.entries(uses)) {
        const command = start(args);
        const env = { ...setting.env, ...command.env };
        const sample = await measure({ ...command, env }, scratch);
        // The first one fills caches.
        if (i > 0) ((samples[name] ??= {})[use] ??= []).push(sample);
      }
    }
  }
  return samples;
}

/** How the command is started on each runtime. */
async function starters(project: string): Promise<Record<string, (args: string[]) => Command>> {
  const installed = join(project, "node_modules/.bin/moat-build");
  const runtimes = await installRuntimes();
  const node = runtimes.find(({ name }) => name === "Node 24") ?? runtimes[0]!;
  const PATH = `${dirname(node.program)}:${process.env.PATH}`;
  return {
    "Deno, from source": (args) => denoRun(path("../cli.ts"), args),
    ...Object.fromEntries(runtimes.map(({ name, program }) => [
      name,
      (args: string[]) => ({ program, args: [installed, ...args] }),
    ])),
    [`npx, with ${node.name}`]: (args) => ({
      program: "npx",
      args: ["--prefix", project, "moat-build", ...args],
      env: { PATH },
    }),
  };
}
