/** Blobs in a folder with the layout of OCI images and of containerd's local store (plugins/content/local/store.go). */
import fs from "node:fs";
import { open } from "node:fs/promises";
import { join, resolve } from "node:path";
import { FileError } from "../errors.ts";
import { isMissing, readError } from "../files/read_error.ts";
import { writeFailure } from "../files/write_failure.ts";
import { RpcError, StatusCode } from "../rpc/status.ts";
import { type Digest, parseDigest, splitDigest } from "./digest.ts";
import { openFolderWriter } from "./folder_writer.ts";
import { ingestFolder, readIngest } from "./ingest.ts";
import type { BlobInfo, BlobWriter, ContentStore, IngestOptions, IngestStatus } from "./store.ts";

/** Largest piece that is read at once. */
const CHUNK = 1 << 20;

/** Ingests that are being written, by their folders: two stores of this process may stand for one folder. */
const writing = new Set<string>();

/** Options of {@linkcode folderStore}. */
export interface FolderStoreOptions {
  /** @default false */
  readonly writable?: boolean;
  /** @default false */
  readonly deletable?: boolean;
  /** Told how many bytes were written. */
  readonly onWrite?: (bytes: number) => void;
}

/**
 * The store in a folder, which need not exist until something is written. Its files are those of containerd and of OCI image
 * layouts: `blobs/ALGORITHM/HEX`, and `ingest/` for what is not complete.
 */
export function folderStore(folder: string, options: FolderStoreOptions = {}): ContentStore {
  return new FolderStore(resolve(folder), options);
}

class FolderStore implements ContentStore {
  readonly #root: string;
  readonly label: string;
  readonly writable: boolean;
  readonly deletable: boolean;
  readonly #onWrite: (bytes: number) => void;

  constructor(root: string, options: FolderStoreOptions) {
    const { writable = false, deletable = false, onWrite = () => {} } = options;
    this.#root = root;
    this.label = root;
    this.#onWrite = onWrite;
    this.writable = writable;
    this.deletable = deletable;
  }

  // deno-lint-ignore require-await
  async info(digest: Digest): Promise<BlobInfo | undefined> {
    const path = this.#blobPath(digest);
    const stat = attemptRead(path, () => fs.statSync(path, { bigint: true }));
    if (stat === undefined || !stat.isFile()) return undefined;
    const { size, mtimeNs, atimeNs } = stat;
    return { digest, size: Number(size), createdAt: mtimeNs, updatedAt: atimeNs };
  }

  async *list(): AsyncGenerator<BlobInfo> {
    for (const algorithm of ["sha256", "sha512"]) {
      const folder = join(this.#root, "blobs", algorithm);
      for (const hex of attemptRead(folder, () => fs.readdirSync(folder)) ?? []) {
        const digest = parseDigest(`${algorithm}:${hex}`);
        const info = digest && await this.info(digest);
        if (info !== undefined) yield info;
      }
    }
  }

  async *read(
    digest: Digest,
    { offset, length }: { offset: number; length: number },
  ): AsyncGenerator<Uint8Array> {
    const path = this.#blobPath(digest);
    const file = await open(path, "r").catch((error) => {
      throw readError("read", path, error);
    });
    try {
      for (let read = 0; read < length;) {
        // Nobody may write to a chunk that was handed out: each has a buffer of its own.
        const chunk = new Uint8Array(Math.min(CHUNK, length - read));
        const { bytesRead } = await file.read(chunk, 0, chunk.length, offset + read);
        if (bytesRead === 0) throw shortBlob(path);
        read += bytesRead;
        yield chunk.subarray(0, bytesRead);
      }
    } finally {
      await file.close();
    }
  }

  // deno-lint-ignore require-await
  async delete(digest: Digest): Promise<boolean> {
    return remove(this.#blobPath(digest));
  }

  // deno-lint-ignore require-await
  async status(ref: string): Promise<IngestStatus | undefined> {
    const folder = ingestFolder(this.#root, ref);
    return attemptRead(folder, () => readIngest(folder));
  }

  // deno-lint-ignore require-await
  async statuses(): Promise<IngestStatus[]> {
    const folder = join(this.#root, "ingest");
    const names = attemptRead(folder, () => fs.readdirSync(folder)) ?? [];
    return names.map((name) => readIngest(join(folder, name)))
      .filter((status) => status !== undefined);
  }

  async openWriter(ref: string, options: IngestOptions): Promise<BlobWriter> {
    const { expected } = options;
    if (expected !== undefined && await this.info(expected) !== undefined) {
      throw new RpcError(StatusCode.ALREADY_EXISTS, `blob ${expected} exists`);
    }
    const folder = ingestFolder(this.#root, ref);
    if (writing.has(folder)) {
      throw new RpcError(StatusCode.UNAVAILABLE, `blob ${ref} is being written`);
    }
    writing.add(folder);
    const release = () => void writing.delete(folder);
    const blobPath = (digest: Digest) => this.#blobPath(digest);
    try {
      const onWrite = this.#onWrite;
      return await openFolderWriter({ ...options, ref, folder, blobPath, onWrite, release });
    } catch (error) {
      release();
      throw error;
    }
  }

  // deno-lint-ignore require-await
  async abort(ref: string): Promise<boolean> {
    return remove(ingestFolder(this.#root, ref));
  }

  #blobPath(digest: Digest): string {
    const { algorithm, hex } = splitDigest(digest);
    return join(this.#root, "blobs", algorithm, hex);
  }
}

function remove(path: string): boolean {
  if (!fs.existsSync(path)) return false;
  try {
    fs.rmSync(path, { recursive: true, force: true });
  } catch (error) {
    throw writeFailure(path, error);
  }
  return true;
}

/** Undefined where there is nothing at the path. */
function attemptRead<T>(path: string, action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw readError("read", path, error);
  }
}

function shortBlob(path: string): FileError {
  return new FileError(
    "FILE_CHANGED",
    path,
    `Cannot read ${path}: it is shorter than it was; leave the folder as it is while the build runs`,
  );
}
