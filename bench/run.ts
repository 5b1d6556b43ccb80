/**
 * `deno task bench [SUITE...] [--only TEXT] [--rounds N] [--profile] [--no-write]`: our client against buildctl and buildx, in one
 * run on one machine. Suites: compare, growth, classic, limits, startup, package; all of them without a name.
 *
 * Prints a table for each suite. A suite that ran in full is also written to `bench/results/` and into docs/performance.md, unless
 * `--no-write` is given. `--profile` runs ours once for each scenario of compare under the runtimes' profilers instead.
 */
import { parseArgs } from "node:util";
import process from "node:process";
import { Buildctl } from "../tests/support/buildctl.ts";
import { startBuildkitd } from "../tests/support/buildkitd.ts";
import { fastParent, tempFolder } from "../tests/support/temp_folder.ts";
import { installTools } from "../tests/support/tools.ts";
import { classic } from "./classic.ts";
import { makeClients, versions } from "./clients.ts";
import { compare } from "./compare.ts";
import { equalWork } from "./equal_work.ts";
import { growth } from "./growth.ts";
import { limits } from "./limits.ts";
import { installTime } from "./measure.ts";
import { packaged } from "./package.ts";
import { profile } from "./profile.ts";
import { record } from "./record.ts";
import { runtimes } from "./runtimes.ts";
import { startup } from "./startup.ts";
import { load, say, type Setting, type Suite } from "./suite.ts";

const SUITES: Record<string, Suite> = {
  ...{ compare, growth, limits, startup, classic },
  package: packaged,
};

interface Options {
  only: string;
  rounds: number;
  profile: boolean;
  write: boolean;
  suites: string[];
}

function readArguments(): Options {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      only: { type: "string", default: "" },
      rounds: { type: "string", default: "5" },
      profile: { type: "boolean", default: false },
      "no-write": { type: "boolean", default: false },
    },
  });
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error("--rounds must be 1 or more");
  const unknown = positionals.filter((name) => SUITES[name] === undefined);
  if (unknown.length > 0) {
    throw new Error(`No suite ${unknown.join(", ")}; there are ${Object.keys(SUITES).join(", ")}`);
  }
  return {
    only: values.only,
    rounds,
    profile: values.profile,
    // Part of a suite must not replace the whole in the document.
    write: !values["no-write"] && values.only === "",
    suites: positionals.length > 0 ? positionals : Object.keys(SUITES),
  };
}

async function main(options: Options): Promise<void> {
  const before = load();
  const tools = await installTools();
  await installTime();
  await using folder = tempFolder(fastParent());
  const scratch = folder.path;
  await using daemon = await startBuildkitd({ tools, tcp: true });
  const ours = await runtimes(scratch);
  const setting: Setting = {
    tools,
    daemon,
    buildctl: new Buildctl(tools.buildctl, daemon.address),
    clients: await makeClients(tools, ours, daemon.address, scratch),
    runtimes: ours,
    env: equalWork(scratch),
    scratch,
    rounds: options.rounds,
    wanted: (name) => name.includes(options.only),
  };
  if (options.profile) return await profile(setting);
  const facts = { load: before, rounds: options.rounds, ...await versions(tools) };
  for (const name of options.suites) {
    const section = await SUITES[name]!(setting);
    if (section === undefined) continue;
    console.log(`\n${section.text}\n`);
    if (options.write) await record(name, section, facts);
  }
  say(`load ${before.toFixed(1)} before, ${load().toFixed(1)} now`);
}

await main(readArguments());
process.exitCode = 0;
