/** Unfinished blobs on disk, as containerd keeps them (plugins/content/local/store.go): `ingest/SHA256(ref)/`. */
import { createHash } from "node:crypto";
import fs from "node:fs";
import { join } from "node:path";
import { isMissing } from "../files/read_error.ts";
import type { IngestStatus } from "./store.ts";

/** The folder of one ref's files, whatever the ref looks like. */
export function ingestFolder(root: string, ref: string): string {
  return join(root, "ingest", createHash("sha256").update(ref).digest("hex"));
}

/** Where the content is. */
export function dataFile(folder: string): string {
  return join(folder, "data");
}

/** Notes on disk what a new ingest is. */
export function beginIngest(folder: string, ref: string, total: number, now: Date): void {
  fs.writeFileSync(join(folder, "ref"), ref);
  writeTime(folder, "startedat", now);
  writeTime(folder, "updatedat", now);
  if (total > 0) fs.writeFileSync(join(folder, "total"), String(total));
}

/** Notes that something was written. */
export function touchIngest(folder: string, now: Date): void {
  writeTime(folder, "updatedat", now);
}

/** What an earlier attempt left; undefined if it is nothing that one could go on with. */
export function readIngest(folder: string): IngestStatus | undefined {
  try {
    const { size, mtimeNs } = fs.statSync(dataFile(folder), { bigint: true });
    const noted = readTime(folder, "updatedat");
    return {
      ref: fs.readFileSync(join(folder, "ref"), "utf8"),
      offset: Number(size),
      total: readTotal(folder),
      startedAt: readTime(folder, "startedat"),
      updatedAt: mtimeNs > noted ? mtimeNs : noted,
    };
  } catch (error) {
    // Its writer was stopped before it had made all of its files.
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function readTotal(folder: string): number {
  const file = join(folder, "total");
  if (!fs.existsSync(file)) return 0;
  const total = Number(fs.readFileSync(file, "utf8"));
  return Number.isSafeInteger(total) && total > 0 ? total : 0;
}

function writeTime(folder: string, name: string, time: Date): void {
  fs.writeFileSync(join(folder, name), time.toISOString());
}

function readTime(folder: string, name: string): bigint {
  const time = Date.parse(fs.readFileSync(join(folder, name), "utf8"));
  return Number.isNaN(time) ? 0n : nanoseconds(time);
}

/** Milliseconds since the epoch as nanoseconds. */
export function nanoseconds(milliseconds: number): bigint {
  return BigInt(Math.trunc(milliseconds)) * 1_000_000n;
}
