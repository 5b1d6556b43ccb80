/** What the tests of caches share: a build that can be told by its steps where their results came from. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import assert from "node:assert/strict";
import { build } from "../../src/build.ts";
import type { BuildOptions, BuildResult } from "../../src/types.ts";
import { Buildctl } from "../support/buildctl.ts";
import type { TestEnvironment } from "../support/env.ts";
import { tempFolder } from "../support/temp_folder.ts";

/** Two stages, of which the result has layers of the second only. No two runs of a step give the same. */
export function twoStages({ baseImage }: TestEnvironment): string {
  return `FROM ${baseImage} AS first
RUN head -c 10000 /dev/urandom > /first && echo ${crypto.randomUUID()}
FROM ${baseImage}
RUN head -c 20000 /dev/urandom > /second && echo ${crypto.randomUUID()}
COPY --from=first /first /first
`;
}

/** A build, and the steps of its Dockerfile (all but FROM) that ran and that did not have to. */
export interface Traced {
  readonly result: BuildResult;
  readonly ran: string[];
  readonly cached: string[];
}

/** Builds and watches the steps. */
export async function traced(options: BuildOptions): Promise<Traced> {
  const states = new Map<string, string>();
  const running = build(options);
  for await (const event of running) {
    if (event.type !== "vertex" || !/^\[.*\] (RUN|COPY) /.test(event.name)) continue;
    const name = event.name.replace(/^\[.*?\] /, "");
    // What came from the cache may be unpacked later, and shows a second time.
    if (states.get(name) !== "cached") states.set(name, event.state);
  }
  const steps = (state: string) =>
    [...states].filter(([, found]) => found === state).map(([name]) => name).sort();
  return { result: await running, ran: steps("completed"), cached: steps("cached") };
}

/** Builds a Dockerfile's content with Go's client; returns what it printed. */
export async function buildctlBuild(
  { tools }: TestEnvironment,
  address: string,
  dockerfile: string,
  ...args: string[]
): Promise<string> {
  await using folder = tempFolder();
  writeFileSync(join(folder.path, "Dockerfile"), dockerfile);
  const { code, stderr } = await new Buildctl(tools.buildctl, address).run(
    ...["build", "--progress=plain", "--frontend=dockerfile.v0"],
    ...[`--local=context=${folder.path}`, `--local=dockerfile=${folder.path}`],
    ...args,
  );
  assert.equal(code, 0, stderr);
  return stderr;
}
