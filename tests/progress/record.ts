/**
 * Records status streams of real builds into `testdata/`: `deno run -A tests/progress/record.ts [NAME...]`. It starts a
 * builder of its own. BuildKit's own client, built by Go, says what it makes of the same messages.
 */
import { Buffer } from "node:buffer";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { BuildError } from "../../src/build_error.ts";
import { type Build, build } from "../../src/build.ts";
import { CanceledError } from "../../src/errors.ts";
import { StatusResponse } from "../../src/gen/control.ts";
import { startBuildkitd } from "../support/buildkitd.ts";
import { installTools } from "../support/tools.ts";
import { type Scenario, scenarios } from "./scenarios.ts";

const TOOLS = fileURLToPath(new URL("../support/tools/", import.meta.url));

async function main(names: readonly string[]): Promise<void> {
  const tools = await installTools();
  await using daemon = await startBuildkitd({ tools });
  const all = scenarios(readFileSync(tools.busybox));
  for (const scenario of all) {
    const lines = await record(scenario, daemon.address);
    if (names.length > 0 && !names.includes(scenario.name)) continue;
    console.error(`${scenario.name}: ${lines.length} messages`);
    save(scenario.name, lines.map((line) => `${line}\n`).join(""));
  }
}

/** The build's messages in base64; those before `name` in the list are built as well, for what they leave in the cache. */
async function record({ options, cancelAt }: Scenario, address: string): Promise<string[]> {
  const building = build({ ...options, address });
  const lines: string[] = [];
  const following = follow(building, (status) => {
    lines.push(Buffer.from(StatusResponse.encode(status)).toString("base64"));
    const printed = status.logs.map(({ msg }) => new TextDecoder().decode(msg)).join("");
    if (cancelAt !== undefined && printed.includes(cancelAt)) building.cancel();
  });
  try {
    await building;
  } catch (error) {
    // Some are meant to fail.
    if (!(error instanceof BuildError || error instanceof CanceledError)) throw error;
  }
  await following;
  return lines;
}

async function follow(building: Build, use: (status: StatusResponse) => void): Promise<void> {
  for await (const status of building.statuses()) use(status);
}

function save(name: string, wire: string): void {
  const path = (extension: string) => new URL(`testdata/${name}.${extension}`, import.meta.url);
  writeFileSync(path("wire"), wire);
  for (const [extension, mode] of [["jsonl", "rawjson"], ["txt", "plain"]] as const) {
    // What is large is not kept twice.
    if (mode === "rawjson" && wire.length > 100_000) continue;
    const options = { cwd: TOOLS, input: wire, maxBuffer: 64 << 20 };
    writeFileSync(path(extension), execFileSync("go", ["run", "./replay", mode], options));
  }
}

await main(process.argv.slice(2));
