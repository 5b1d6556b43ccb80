/** Full disks: the builder's, and ours. */
import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { BuildOptions, Output } from "../../../src/types.ts";
import { startBuildkitd } from "../../support/buildkitd.ts";
import { NOISE, startHere } from "../attempt.ts";
import { type Case, casesOf, type Grounds, type Group, type Verdict } from "../fault.ts";
import { Gate } from "../gate.ts";
import { mountTmpfs } from "../tmpfs.ts";

const COPY_ALL = "FROM scratch\nCOPY . /\n";

async function outcomeOf(options: BuildOptions): Promise<Verdict> {
  const from = performance.now();
  const { outcome, at } = await startHere({ auth: {}, ...options }).ended;
  return { outcome, seconds: (at - from) / 1000 };
}

/** A build of each stage that needs more than 32 MiB there. */
function hungry({ stage }: Case, { baseImage, registry }: Grounds): BuildOptions {
  const id = crypto.randomUUID();
  const image = `FROM ${baseImage}\nRUN head -c 20000000 /dev/urandom >/x # ${id}\n`;
  switch (stage) {
    case "context": {
      const context = { a: NOISE, b: NOISE, c: NOISE };
      return { context, dockerfile: COPY_ALL, output: "cacheonly" };
    }
    case "run":
      return {
        dockerfile: `FROM ${baseImage}\nRUN head -c 60000000 /dev/zero >/x # ${id}\n`,
        output: "cacheonly",
      };
    case "export":
      return { dockerfile: image, output: { type: "oci", dest: new WritableStream() } };
    default:
      return {
        dockerfile: image,
        tags: [`${registry}/${id}:1`],
        output: { type: "image", push: true, insecure: true },
      };
  }
}

const THEIRS: Group = {
  name: "the builder's disk is full",
  cases: casesOf("the builder's disk is full", {
    context: "NO_SPACE",
    run: ["COMMAND_FAILED", "NO_SPACE"],
    export: "NO_SPACE",
    push: "NO_SPACE",
  }),
  run(grounds) {
    return Promise.all(this.cases.map((one) => gate.pass(() => onFullDisk(grounds, one))));
  },
};

/** Each is a builder of its own. */
const gate = new Gate(2);

async function onFullDisk(grounds: Grounds, one: Case): Promise<Verdict> {
  const { tools, registry } = grounds;
  await using disk = await mountTmpfs(32);
  const root = join(disk.path, "root");
  await using daemon = await startBuildkitd({ tools, root, insecureRegistries: [registry] });
  const { address } = daemon;
  const verdict = await outcomeOf({ address, ...hungry(one, grounds) });
  await disk.resize(256);
  const context = { id: crypto.randomUUID() };
  const next = { address, context, dockerfile: COPY_ALL, output: "cacheonly" } as const;
  assert.equal((await outcomeOf(next)).outcome, "built");
  return verdict;
}

const OLD = "an old good result";

/** What is written to where there is no room for it. */
const OUTPUTS: readonly [name: string, output: (folder: string) => Output][] = [
  ["a tar", (folder) => ({ type: "tar", dest: join(folder, "old") })],
  ["an image", (folder) => ({ type: "oci", dest: join(folder, "old") })],
  ["a folder", (folder) => ({ type: "local", dest: folder })],
  ["a layout", (folder) => ({ type: "oci", tar: false, dest: folder })],
];

const OURS: Group = {
  name: "our disk is full",
  cases: OUTPUTS.flatMap(([name]) =>
    casesOf(`our disk is full: ${name}`, { export: "FILE_UNWRITABLE" })
  ),
  async run({ address }) {
    await using disk = await mountTmpfs(2);
    const verdicts: Verdict[] = [];
    for (const [name, output] of OUTPUTS) {
      const folder = join(disk.path, name);
      mkdirSync(folder);
      writeFileSync(join(folder, "old"), OLD);
      const context = { big: NOISE.subarray(0, 4 << 20), id: crypto.randomUUID() };
      const build = { address, context, dockerfile: COPY_ALL };
      verdicts.push(await outcomeOf({ ...build, output: output(folder) }));
      assert.equal(readFileSync(join(folder, "old"), "utf8"), OLD, name);
      // A folder keeps what is whole, under its name or its digest.
      const left = readdirSync(folder).filter((file) => !["old", "id", "blobs"].includes(file));
      assert.deepEqual(left, [], name);
      const next = await outcomeOf({ ...build, output: "cacheonly" });
      assert.equal(next.outcome, "built");
    }
    return verdicts;
  },
};

/** The groups. */
export const DISK_FAULTS: readonly Group[] = [THEIRS, OURS];
