import type { Digest } from "./digest.ts";

/** What is known of a blob. */
export interface BlobInfo {
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
  /** Nanoseconds since the epoch. */
  readonly createdAt: bigint;
  readonly updatedAt: bigint;
}

/** A blob that is not complete yet. */
export interface IngestStatus {
  /** Its name until it is complete, chosen by who writes it. */
  readonly ref: string;
  /** Bytes that are there. */
  readonly offset: number;
  /** Bytes that it will have; 0 if nobody said. */
  readonly total: number;
  /** Nanoseconds since the epoch. */
  readonly startedAt: bigint;
  readonly updatedAt: bigint;
}

/** What is said about a blob before it is written. */
export interface IngestOptions {
  /** Bytes that it will have; 0 if unknown. */
  readonly total: number;
  readonly expected: Digest | undefined;
}

/** Writes one blob. Close it in any case: what was written stays, for a later attempt under the same ref. */
export interface BlobWriter {
  /** Bytes written so far, by earlier attempts too. */
  readonly offset: number;
  readonly startedAt: bigint;
  readonly updatedAt: bigint;
  /** Digest of what was written so far. */
  digest(): Digest;
  write(data: Uint8Array): Promise<void>;
  /** Begins again. */
  truncate(): Promise<void>;
  /**
   * Makes the blob part of the store.
   *
   * @throws {RpcError} `FAILED_PRECONDITION` if it has another size or digest, `ALREADY_EXISTS` if it is there by now
   */
  commit(size: number, expected: Digest | undefined): Promise<Digest>;
  close(): Promise<void>;
}

/** Blobs by their digests (containerd core/content). What goes wrong with files throws a `FileError`. */
export interface ContentStore {
  /** What it is called in messages: its folder. */
  readonly label: string;
  /** Whether it takes new blobs. */
  readonly writable: boolean;
  /** Whether blobs may be removed by who only has the store's id. */
  readonly deletable: boolean;
  /** Undefined if there is no such blob. */
  info(digest: Digest): Promise<BlobInfo | undefined>;
  /** All blobs, in any order. */
  list(): AsyncIterable<BlobInfo>;
  /** `length` bytes from `offset` on, in chunks of at most 1 MiB; throws a `FileError` if the blob has less. */
  read(digest: Digest, range: { offset: number; length: number }): AsyncIterable<Uint8Array>;
  /** Removes a blob; false if there was none. */
  delete(digest: Digest): Promise<boolean>;
  /** Undefined if nothing is written under this ref. */
  status(ref: string): Promise<IngestStatus | undefined>;
  statuses(): Promise<IngestStatus[]>;
  /**
   * Begins a blob, or goes on where an earlier attempt ended.
   *
   * @throws {RpcError} `ALREADY_EXISTS` if it is there, `UNAVAILABLE` if it is being written under the same ref
   */
  openWriter(ref: string, options: IngestOptions): Promise<BlobWriter>;
  /** Removes what was written under a ref; false if there is nothing. */
  abort(ref: string): Promise<boolean>;
}
