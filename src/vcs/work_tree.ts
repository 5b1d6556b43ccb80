/** Whether a file of the work tree is what the index says, as git decides it: by its stat where that tells, else by content. */
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { type BigIntStats, lstatSync, readFileSync, readlinkSync } from "node:fs";
import path from "node:path";
import { unlessMissing, withFile } from "./files.ts";
import { readHead } from "./head.ts";
import type { IndexEntry } from "./index_file.ts";
import { type Repository, repositoryAt } from "./repository.ts";
import { objectId } from "./tree_id.ts";

const SYMLINK = 0o120000;
const SUBMODULE = 0o160000;
const KIND = 0o170000;
const NANOSECONDS = 1_000_000_000n;
const CHUNK = 1 << 20;
/** Larger files are not looked at for what git may have converted when it checked them out. */
const MAX_CONVERTED = 64 << 20;

/** Counts down the bytes that may be read; below zero nothing is known any more. */
export interface Budget {
  bytes: number;
}

/** How to compare. */
export interface Comparison {
  readonly repository: Repository;
  /** When the index was written, in nanoseconds. */
  readonly written: bigint;
  readonly budget: Budget;
}

/** The path of an entry's file. */
export function pathOf(repository: Repository, entry: IndexEntry): string {
  return path.join(repository.root, Buffer.from(entry.path, "latin1").toString());
}

/** Whether the work tree's file differs from the index. */
export function isChanged(entry: IndexEntry, comparison: Comparison): boolean {
  const { repository } = comparison;
  const file = pathOf(repository, entry);
  const stat = unlessMissing(() => lstatSync(file, { bigint: true }));
  if (entry.mode === SUBMODULE) return isOtherCommit(file, entry);
  if (stat === undefined) return true;
  // Without symlinks git writes their targets into files.
  const isLink = (entry.mode & KIND) === SYMLINK &&
    (stat.isSymbolicLink() || repository.config.get("core.symlinks") !== "false");
  if (isLink ? !stat.isSymbolicLink() : !stat.isFile()) return true;
  if (!isLink && isOtherMode(stat, entry, repository)) return true;
  // A size of 0 may be git's own mark of an entry that it could not be sure of.
  if (entry.size !== 0 && BigInt(entry.size) !== (stat.size & 0xffffffffn)) return true;
  if (isSameTime(stat, entry, comparison)) return false;
  if (isLink) return objectId("blob", readlinkSync(file), repository.hash) !== entry.id;
  return isOtherContent(file, Number(stat.size), entry, comparison);
}

function isOtherMode(stat: BigIntStats, { mode }: IndexEntry, { config }: Repository): boolean {
  if (config.get("core.filemode") === "false" || (mode & KIND) === SYMLINK) return false;
  return ((stat.mode & 0o100n) !== 0n) !== ((mode & 0o100) !== 0);
}

/** Whether its stat proves that it is the file of the index. */
function isSameTime(stat: BigIntStats, entry: IndexEntry, { written }: Comparison): boolean {
  const seconds = stat.mtimeNs / NANOSECONDS;
  if ((seconds & 0xffffffffn) !== BigInt(entry.seconds) || entry.size === 0) return false;
  const fraction = stat.mtimeNs % NANOSECONDS;
  if (entry.nanoseconds !== 0 && fraction !== BigInt(entry.nanoseconds)) return false;
  // Changed after it was compared, but within the clock's tick, it would look the same.
  return stat.mtimeNs < written;
}

function isOtherContent(
  file: string,
  size: number,
  entry: IndexEntry,
  { repository: { hash }, budget }: Comparison,
): boolean {
  budget.bytes -= size;
  if (budget.bytes < 0) return false;
  const digest = createHash(hash).update(`blob ${size}\0`);
  withFile(file, (read) => {
    for (let at = 0; at < size;) {
      const chunk = read(at, Math.min(CHUNK, size - at));
      if (chunk.length === 0) break;
      digest.update(chunk);
      at += chunk.length;
    }
  });
  if (digest.digest("hex") === entry.id) return false;
  return size > MAX_CONVERTED || !isConverted(readFileSync(file), entry.id, hash);
}

/** Whether git could have made this file from the object: with other line ends, or from a pointer of Git LFS. */
function isConverted(content: Buffer, id: string, hash: Repository["hash"]): boolean {
  if (content.includes("\r\n")) {
    const unix = Buffer.from(content.toString("latin1").replaceAll("\r\n", "\n"), "latin1");
    if (objectId("blob", unix, hash) === id) return true;
  }
  const sha256 = createHash("sha256").update(content).digest("hex");
  const pointer =
    `version https://git-lfs.github.com/spec/v1\noid sha256:${sha256}\nsize ${content.length}\n`;
  return objectId("blob", pointer, hash) === id;
}

/** Submodules that are not checked out count as unchanged; those that are, by their commit alone. */
function isOtherCommit(folder: string, { id }: IndexEntry): boolean {
  const repository = repositoryAt(folder);
  return repository !== undefined && readHead(repository).commit !== id;
}
