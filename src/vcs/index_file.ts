/** A work tree's index: what is to be committed next, and how its files looked when that was last compared (gitformat-index). */
import type { Buffer } from "node:buffer";
import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import { unlessMissing } from "./files.ts";
import { GitError } from "./git_error.ts";
import type { Repository } from "./repository.ts";

/** One file of the index. */
export interface IndexEntry {
  /** Its path's bytes, each as one character; ends in `/` for a folder of a sparse index. */
  readonly path: string;
  /** As in a tree: `100644`, `100755`, `120000` for symlinks, `160000` for submodules, in octal. */
  readonly mode: number;
  /** Of the content, in hex. */
  readonly id: string;
  /** Of the file when it was compared: bytes, modulo 2^32. */
  readonly size: number;
  readonly seconds: number;
  /** 0 where it is not known. */
  readonly nanoseconds: number;
  /** Of the two versions and their base in a conflict; else 0. */
  readonly stage: number;
  /** Not to be looked for in the work tree. */
  readonly skip: boolean;
  /** Only announced. */
  readonly intentToAdd: boolean;
}

/** An index. */
export interface GitIndex {
  readonly entries: readonly IndexEntry[];
  /** When it was written, in nanoseconds: a file changed then or later may have changed unseen. */
  readonly written: bigint;
}

const SIGNATURE = "DIRC";
/** More than any repository has; what an index of a broken disk may claim. */
const MAX_ENTRIES = 10_000_000;
const ID_LENGTH = { sha1: 20, sha256: 32 };

/**
 * Reads a work tree's index.
 *
 * @throws {GitError} if it is of a kind that is not understood
 */
export function readIndex({ gitFolder, hash }: Repository): GitIndex {
  const file = path.join(gitFolder, "index");
  const bytes = unlessMissing(() => readFileSync(file));
  if (bytes === undefined) return { entries: [], written: 0n };
  const { mtimeNs } = statSync(file, { bigint: true });
  if (bytes.length < 12 || bytes.toString("latin1", 0, 4) !== SIGNATURE) {
    throw new GitError(`${file} is not an index`);
  }
  const version = bytes.readUInt32BE(4);
  const count = bytes.readUInt32BE(8);
  if (version < 2 || version > 4 || count > MAX_ENTRIES) {
    throw new GitError(`${file} is of the unknown version ${version}`);
  }
  try {
    const { entries, end } = readEntries(bytes, count, version, ID_LENGTH[hash]);
    refuseSplit(bytes, end, ID_LENGTH[hash], file);
    return { entries, written: mtimeNs };
  } catch (error) {
    if (error instanceof RangeError) throw new GitError(`${file} is cut short`);
    throw error;
  }
}

function readEntries(
  bytes: Buffer,
  count: number,
  version: number,
  idLength: number,
): { entries: IndexEntry[]; end: number } {
  const entries: IndexEntry[] = [];
  let before = "";
  let at = 12;
  for (let i = 0; i < count; i++) {
    const start = at;
    const flags = bytes.readUInt16BE(start + 40 + idLength);
    const extended = (flags & 0x4000) !== 0;
    const more = extended ? bytes.readUInt16BE(start + 42 + idLength) : 0;
    at += 42 + idLength + (extended ? 2 : 0);
    let kept = "";
    if (version === 4) {
      const strip = readOffset(bytes, at);
      at = strip.end;
      kept = before.slice(0, before.length - strip.value);
    }
    const nul = bytes.indexOf(0, at);
    if (nul < 0) throw new RangeError("no end of a path");
    before = kept + bytes.toString("latin1", at, nul);
    // Entries of the older versions are padded to a multiple of 8, with one NUL at least.
    at = version === 4 ? nul + 1 : start + ((nul - start + 8) & ~7);
    entries.push({
      path: before,
      seconds: bytes.readUInt32BE(start + 8),
      nanoseconds: bytes.readUInt32BE(start + 12),
      mode: bytes.readUInt32BE(start + 24),
      size: bytes.readUInt32BE(start + 36),
      id: bytes.toString("hex", start + 40, start + 40 + idLength),
      stage: (flags >> 12) & 3,
      skip: (flags & 0x8000) !== 0 || (more & 0x4000) !== 0,
      intentToAdd: (more & 0x2000) !== 0,
    });
  }
  return { entries, end: at };
}

/** The number that says how much of the path before is dropped: as offsets are written in packs. */
function readOffset(bytes: Buffer, start: number): { value: number; end: number } {
  let at = start;
  let byte = bytes.readUInt8(at++);
  let value = byte & 0x7f;
  while ((byte & 0x80) !== 0) {
    byte = bytes.readUInt8(at++);
    value = (value + 1) * 128 + (byte & 0x7f);
  }
  return { value, end: at };
}

/** A split index holds only what differs from another one. */
function refuseSplit(bytes: Buffer, end: number, idLength: number, file: string): void {
  for (let at = end; at + 8 <= bytes.length - idLength;) {
    if (bytes.toString("latin1", at, at + 4) === "link") {
      throw new GitError(`${file} is split in two, which is not understood`);
    }
    at += 8 + bytes.readUInt32BE(at + 4);
  }
}
