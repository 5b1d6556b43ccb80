/** One blob on its way into a folder, as containerd writes it (plugins/content/local/writer.go). */
import { createHash, type Hash } from "node:crypto";
import fs from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { dirname } from "node:path";
import process from "node:process";
import { writeFailure } from "../files/write_failure.ts";
import { RpcError, StatusCode } from "../rpc/status.ts";
import { type Digest, splitDigest } from "./digest.ts";
import { beginIngest, dataFile, nanoseconds, readIngest, touchIngest } from "./ingest.ts";
import type { BlobWriter, IngestOptions } from "./store.ts";

type Algorithm = "sha256" | "sha512";

/** Bytes of one read while old content is hashed. */
const CHUNK = 1 << 20;

/** What {@linkcode openFolderWriter} needs. */
export interface FolderWriterOptions extends IngestOptions {
  readonly ref: string;
  /** The ingest's folder. */
  readonly folder: string;
  /** Where a blob belongs. */
  readonly blobPath: (digest: Digest) => string;
  /** Told how many bytes were written. */
  readonly onWrite: (bytes: number) => void;
  /** Called once, when the writer is closed or the blob in place. */
  readonly release: () => void;
}

/** Begins an ingest, or resumes what an earlier one left. Throws a `FileError`. */
export async function openFolderWriter(options: FolderWriterOptions): Promise<BlobWriter> {
  const { folder, ref, total, expected } = options;
  return await attempt(folder, async () => {
    fs.mkdirSync(folder, { recursive: true });
    const found = resumable(options);
    const now = new Date();
    if (found === undefined) beginIngest(folder, ref, total, now);
    const algorithm = expected === undefined ? "sha256" : splitDigest(expected).algorithm;
    const file = await open(dataFile(folder), fs.constants.O_RDWR | fs.constants.O_CREAT, 0o666);
    try {
      if (found === undefined) await file.truncate(0);
      const hash = createHash(algorithm);
      const offset = await hashFile(file, hash);
      const begun = nanoseconds(now.getTime());
      const times = { startedAt: found?.startedAt ?? begun, updatedAt: found?.updatedAt ?? begun };
      return new FolderWriter(options, { file, hash, algorithm, offset, ...times });
    } catch (error) {
      await file.close();
      throw error;
    }
  });
}

/** An earlier attempt at the same blob. */
function resumable({ folder, ref, total }: FolderWriterOptions): ReturnType<typeof readIngest> {
  const found = readIngest(folder);
  if (found === undefined || found.ref !== ref) return undefined;
  return total > 0 && found.total > 0 && total !== found.total ? undefined : found;
}

interface WriterState {
  readonly file: FileHandle;
  hash: Hash;
  algorithm: Algorithm;
  offset: number;
  readonly startedAt: bigint;
  updatedAt: bigint;
}

class FolderWriter implements BlobWriter {
  readonly #options: FolderWriterOptions;
  readonly #state: WriterState;
  #open = true;

  constructor(options: FolderWriterOptions, state: WriterState) {
    this.#options = options;
    this.#state = state;
  }

  get offset(): number {
    return this.#state.offset;
  }

  get startedAt(): bigint {
    return this.#state.startedAt;
  }

  get updatedAt(): bigint {
    return this.#state.updatedAt;
  }

  digest(): Digest {
    const { algorithm, hash } = this.#state;
    return `${algorithm}:${hash.copy().digest("hex")}`;
  }

  async write(data: Uint8Array): Promise<void> {
    const state = this.#state;
    await attempt(this.#options.folder, async () => {
      for (let rest = data; rest.length > 0;) {
        const { bytesWritten } = await state.file.write(rest, 0, rest.length, state.offset);
        state.hash.update(rest.subarray(0, bytesWritten));
        state.offset += bytesWritten;
        rest = rest.subarray(bytesWritten);
      }
    });
    state.updatedAt = nanoseconds(Date.now());
    this.#options.onWrite(data.length);
  }

  async truncate(): Promise<void> {
    const state = this.#state;
    await attempt(this.#options.folder, () => state.file.truncate(0));
    state.hash = createHash(state.algorithm);
    state.offset = 0;
  }

  async commit(size: number, expected: Digest | undefined): Promise<Digest> {
    const { folder, blobPath } = this.#options;
    return await attempt(folder, async () => {
      const { mode } = await this.#state.file.stat();
      const digest = await this.#verify(size, expected);
      await this.#state.file.sync();
      await this.#finish();
      const target = blobPath(digest);
      fs.mkdirSync(dirname(target), { recursive: true });
      if (fs.existsSync(target)) {
        removeFolder(folder);
        throw new RpcError(StatusCode.ALREADY_EXISTS, `blob ${digest} exists`);
      }
      fs.renameSync(dataFile(folder), target);
      await syncFolder(dirname(target));
      const now = new Date();
      fs.utimesSync(target, now, now);
      // As in containerd: a blob never changes again.
      if (process.platform !== "win32") fs.chmodSync(target, mode & 0o777 & ~0o333);
      removeFolder(folder);
      return digest;
    });
  }

  async close(): Promise<void> {
    if (!this.#open) return;
    await this.#finish();
    // Whoever aborted the ingest has removed its folder already.
    if (fs.existsSync(this.#options.folder)) touchIngest(this.#options.folder, new Date());
  }

  /** The digest, if size and digest are as they should be; else what was written is of no use to anybody. */
  async #verify(size: number, expected: Digest | undefined): Promise<Digest> {
    const state = this.#state;
    const algorithm = expected === undefined ? state.algorithm : splitDigest(expected).algorithm;
    if (algorithm !== state.algorithm) {
      Object.assign(state, { algorithm, hash: createHash(algorithm) });
      await hashFile(state.file, state.hash);
    }
    const digest = this.digest();
    const { size: written } = await state.file.stat();
    let problem: string | undefined;
    if (written !== state.offset) problem = `the file has ${written} bytes, not ${state.offset}`;
    else if (size > 0 && size !== written) problem = `it has ${written} bytes, not ${size}`;
    else if (expected !== undefined && expected !== digest) {
      problem = `its digest is ${digest}, not ${expected}`;
    }
    if (problem === undefined) return digest;
    await this.#finish();
    removeFolder(this.#options.folder);
    const message = `blob ${this.#options.ref} cannot be stored: ${problem}`;
    throw new RpcError(StatusCode.FAILED_PRECONDITION, message);
  }

  async #finish(): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    try {
      await this.#state.file.close();
    } finally {
      this.#options.release();
    }
  }
}

/** Feeds a file to a hash; returns its size. */
async function hashFile(file: FileHandle, hash: Hash): Promise<number> {
  const buffer = new Uint8Array(CHUNK);
  for (let offset = 0;;) {
    const { bytesRead } = await file.read(buffer, 0, CHUNK, offset);
    if (bytesRead === 0) return offset;
    hash.update(buffer.subarray(0, bytesRead));
    offset += bytesRead;
  }
}

/** Makes sure that a rename survives a crash. Windows has no handles for folders. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function removeFolder(path: string): void {
  fs.rmSync(path, { recursive: true, force: true });
}

async function attempt<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw writeFailure(path, error);
  }
}
