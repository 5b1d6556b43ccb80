/** Docker's classic builder against BuildKit, by our command: in the same engine, and by itself. */
import { copyFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { docker } from "../tests/support/docker_images.ts";
import { installDocker } from "../tests/support/docker_programs.ts";
import { startDockerd } from "../tests/support/dockerd.ts";
import { runOk } from "../tests/support/process.ts";
import { makeContext, makeManyFilesIn } from "./contexts.ts";
import { interleave } from "./interleave.ts";
import { type Command, measureTogether, type Sample } from "./measure.ts";
import { ratio, table, time } from "./statistics.ts";
import { load, say, type Section, type Setting } from "./suite.ts";

const FILES = 2_000;
const AT_ONCE = 4;

const DOCKERFILE = [
  "FROM scratch",
  "COPY busybox /bin/busybox",
  'RUN ["/bin/busybox", "--install", "-s", "/bin"]',
  "COPY package.txt /app/",
  "RUN sort /app/package.txt > /app/sorted",
  "COPY src /app/src",
  "RUN find /app/src -type f -exec sha256sum {} + > /app/sums",
  "RUN wc -l < /app/sums > /app/count",
  'CMD ["cat", "/app/count"]',
];

/** A way to build: the command's flags, its environment, and how everything it made is forgotten. */
interface Way {
  name: string;
  flags: string[];
  env: Record<string, string>;
  forget(): Promise<void>;
}

interface Scenario {
  name: string;
  builds: number;
  cold: boolean;
}

const SCENARIOS: Scenario[] = [
  { name: "first build", builds: 1, cold: true },
  { name: "cached build", builds: 1, cold: false },
  { name: `${AT_ONCE} first builds at once`, builds: AT_ONCE, cold: true },
  { name: `${AT_ONCE} cached builds at once`, builds: AT_ONCE, cold: false },
];

/** Measures all that is wanted on the newest engine of this machine. */
export async function classic(setting: Setting): Promise<Section | undefined> {
  const chosen = SCENARIOS.filter(({ name }) => setting.wanted(`classic: ${name}`));
  if (chosen.length === 0) return undefined;
  const programs = await installDocker(say);
  // The second is the newest that has a classic builder and its own containerd.
  const program = programs[1] ?? programs[0]!;
  await using engine = await startDockerd({ program });
  const { stdout } = await runOk(program.dockerd, ["--version"]);
  const ways = waysOf(setting, engine.host);
  const contexts = Array.from({ length: AT_ONCE }, (_, i) => join(setting.scratch, `app${i}`));
  contexts.forEach((folder, i) => makeApplication(folder, setting.tools.busybox, `build ${i}`));
  const rows: { name: string; load: number; samples: Record<string, Sample[]> }[] = [];
  for (const scenario of chosen) {
    const before = load();
    say(`classic: ${scenario.name} (load ${before.toFixed(1)})`);
    const samples = await runScenario(scenario, ways, contexts, setting);
    rows.push({ name: scenario.name, load: before, samples });
  }
  for (const folder of contexts) rmSync(folder, { recursive: true, force: true });
  const names = ways.map(({ name }) => name);
  const lines = rows.map(({ name, samples, load }) => [
    name,
    time(samples[names[0]!]!),
    ...names.slice(1).flatMap((way) => [
      time(samples[way]!),
      ratio(samples[way]!, samples[names[0]!]!, "wall"),
    ]),
    load.toFixed(1),
  ]);
  const head = ["build", names[0]!, ...names.slice(1).flatMap((name) => [name, "ratio"]), "load"];
  const text =
    `${stdout.trim()}, ${FILES} files, four \`RUN\` steps; all by our command under Deno. ` +
    `Medians of ${setting.rounds} rounds.\n\n${table(head, lines)}`;
  return { text, data: { engine: stdout.trim(), rows } };
}

async function runScenario(
  { builds, cold }: Scenario,
  ways: Way[],
  contexts: string[],
  { runtimes, scratch, rounds }: Setting,
): Promise<Record<string, Sample[]>> {
  const names = ways.map(({ name }) => name);
  for (const way of ways) await way.forget();
  return await interleave(names, rounds, async (name) => {
    const way = ways.find((one) => one.name === name)!;
    if (cold) await way.forget();
    const commands = contexts.slice(0, builds).map((context, i): Command => {
      const args = ["build", "--progress=none", "--network=none", ...way.flags];
      return { ...runtimes.deno.cli(...args, "-t", tagOf(i), context), env: way.env };
    });
    return await measureTogether(commands, scratch);
  });
}

function waysOf({ daemon, runtimes, buildctl, env }: Setting, host: string): Way[] {
  const inEngine = { ...env, DOCKER_HOST: host, BUILDKIT_HOST: "" };
  const pruneEngine = async () => {
    const { program, args } = runtimes.deno.cli("prune", "--all", "--force");
    await runOk(program, args, { env: inEngine });
    await removeImages(host);
  };
  const pruneDaemon = async () => {
    await buildctl.run("prune", "--all");
    await removeImages(host);
  };
  return [
    {
      name: "classic",
      flags: [],
      env: { ...inEngine, MOAT_DISABLE_BUILDKIT: "1" },
      forget: () => removeImages(host),
    },
    { name: "BuildKit in the engine", flags: [], env: inEngine, forget: pruneEngine },
    { name: "buildkitd", flags: ["--addr", daemon.address], env, forget: pruneDaemon },
    {
      name: "buildkitd, loaded into the engine",
      flags: ["--addr", daemon.address, "--load"],
      env: { ...env, DOCKER_HOST: host },
      forget: pruneDaemon,
    },
  ];
}

/** The classic builder's cache is its images. */
async function removeImages(host: string): Promise<void> {
  const api = docker(host);
  for (const { Id } of await api.listImages()) await api.getImage(Id).remove({ force: true });
}

function makeApplication(folder: string, busybox: string, name: string): void {
  makeContext(folder, ...DOCKERFILE);
  copyFileSync(busybox, join(folder, "busybox"));
  writeFileSync(join(folder, "package.txt"), `${name}\nb\na\n`);
  makeManyFilesIn(join(folder, "src"), FILES);
}

function tagOf(i: number): string {
  return `moat-bench/app${i}:latest`;
}
