/** Growth: time and memory by the size of what is sent. */
import { mkdirSync, readFileSync, rmSync, statfsSync } from "node:fs";
import { join } from "node:path";
import { atRest } from "./at_rest.ts";
import { makeContext, makeManyFilesIn, makeSparseFile, MIB } from "./contexts.ts";
import { interleave } from "./interleave.ts";
import { measure, type Sample } from "./measure.ts";
import { middle, table, time } from "./statistics.ts";
import { load, say, type Section, type Setting } from "./suite.ts";

/** One size. */
interface Size {
  name: string;
  /** How much of `unit` it is. */
  amount: number;
  unit: "1,000 files" | "GiB";
  /** Bytes that it takes in memory, with the daemon's copy. */
  room: number;
  make(folder: string): void;
}

const NAMES = ["buildctl", "deno", "node"] as const;

interface Row {
  size: string;
  amount: number;
  unit: Size["unit"];
  load: number;
  samples: Record<typeof NAMES[number], Sample[]>;
}

const GIB = 1_024;
/** A page, and what the file system notes of the file. */
const BYTES_PER_FILE = 6 * 1_024;
/** What must stay free. */
const RESERVE = 2 * GIB * MIB;

/** The daemon's copy of a sparse file is full; the file itself takes no room. */
function gibibytes(amount: number): Size {
  const mebibytes = Math.round(amount * GIB);
  const make = (folder: string) => makeSparseFile(join(folder, "big"), mebibytes);
  return { name: `${amount} GiB`, amount, unit: "GiB", room: mebibytes * MIB, make };
}

function files(count: number): Size {
  return {
    name: `${count.toLocaleString("en")} files`,
    amount: count / 1_000,
    unit: "1,000 files",
    room: 2 * count * BYTES_PER_FILE,
    make: (folder) => makeManyFilesIn(folder, count),
  };
}

const SIZES = [...[5_000, 50_000, 500_000].map(files), ...[0.1, 1, 8].map(gibibytes)];

/** Measures all that is wanted and for which there is room. */
export async function growth(setting: Setting): Promise<Section | undefined> {
  const rows: Row[] = [];
  const skipped: string[] = [];
  for (const size of SIZES.filter(({ name }) => setting.wanted(`growth: ${name}`))) {
    const before = load();
    await setting.buildctl.run("prune", "--all");
    const lack = size.room + RESERVE - roomLeft(setting.scratch);
    if (lack > 0) {
      skipped.push(`${size.name} was skipped: it needs ${Math.ceil(lack / MIB)} MiB more memory.`);
      say(skipped.at(-1)!);
      continue;
    }
    say(`${size.name} (load ${before.toFixed(1)})`);
    const { name, amount, unit } = size;
    rows.push({ size: name, amount, unit, load: before, samples: await run(size, setting) });
  }
  if (rows.length === 0) return undefined;
  const text = [
    `Medians of ${setting.rounds} rounds, with the least and the most; the load is the machine's before each.`,
    tableOf(rows),
    ...skipped,
  ];
  return { text: text.join("\n\n"), data: { rows, skipped } };
}

/** `FROM` a folder: the daemon keeps one copy, of what was sent, and does nothing more. */
async function run(
  size: Size,
  { buildctl, clients, daemon, scratch, rounds }: Setting,
): Promise<Row["samples"]> {
  const [context, sent] = [join(scratch, "context"), join(scratch, "sent")];
  makeContext(context, "FROM sent");
  mkdirSync(sent);
  size.make(sent);
  const samples = await interleave(NAMES, rounds, async (name) => {
    await buildctl.run("prune", "--all");
    await atRest(daemon.pid);
    return await measure(clients[name].build({ context, contexts: { sent } }), scratch);
  });
  for (const folder of [context, sent]) rmSync(folder, { recursive: true, force: true });
  return samples;
}

function tableOf(rows: readonly Row[]): string {
  const head = NAMES.flatMap((name) => [name, "each unit", "peak MiB"]);
  const lines = rows.map(({ size, amount, unit, samples, load }) => [
    size,
    ...NAMES.flatMap((name) => {
      const each = (middle(samples[name], "wall") / amount * 1_000).toFixed(0);
      const peak = middle(samples[name], "peak").toFixed(0);
      return [time(samples[name]), `${each} ms/${unit}`, peak];
    }),
    load.toFixed(1),
  ]);
  return table(["sent", ...head, "load"], lines);
}

/** Bytes that can still be kept in memory, or on the disk where that is what is used. */
function roomLeft(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  const disk = bavail * bsize;
  if (!folder.startsWith("/dev/shm")) return disk;
  const kib = /^MemAvailable:\s+(\d+)/m.exec(readFileSync("/proc/meminfo", "utf8"))?.[1];
  return Math.min(disk, Number(kib ?? 0) * 1_024);
}
