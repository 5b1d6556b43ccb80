import fs from "node:fs";
import { join } from "node:path";
import { errorCode } from "../files/read_error.ts";
import { writeFailure } from "../files/write_failure.ts";
import type { Digest } from "./digest.ts";
import { folderStore } from "./folder_store.ts";
import type { Descriptor } from "./index_json.ts";
import { readManifest } from "./manifest.ts";
import type { BlobWriter, ContentStore, IngestOptions } from "./store.ts";

/**
 * A folder that one export of a build goes to. An export writes what a manifest names before the manifest: what came last is
 * what the rest belongs to. The daemon says what it has made too, but of several exports it speaks of one only.
 */
export class ExportStore {
  /** What the daemon gets. */
  readonly store: ContentStore;
  readonly #content: ContentStore;
  readonly #folder: string;
  readonly #beforeWrite: () => Promise<unknown>;
  /** What was begun: refs. */
  readonly #begun = new Set<string>();
  #last: Digest | undefined;
  #bytes = 0;

  /** `beforeWrite` is waited for before a blob is begun. */
  constructor(folder: string, beforeWrite: () => Promise<unknown> = () => Promise.resolve()) {
    this.#folder = folder;
    this.#beforeWrite = beforeWrite;
    const onWrite = (bytes: number) => void (this.#bytes += bytes);
    const content = folderStore(folder, { writable: true, onWrite });
    this.#content = content;
    this.store = {
      label: content.label,
      writable: true,
      deletable: false,
      info: (digest) => content.info(digest),
      list: () => content.list(),
      read: (digest, range) => content.read(digest, range),
      delete: (digest) => content.delete(digest),
      status: (ref) => content.status(ref),
      statuses: () => content.statuses(),
      openWriter: (ref, options) => this.#openWriter(ref, options),
      abort: (ref) => content.abort(ref),
    };
  }

  /** Bytes received. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * What names all the rest: as the daemon has `described` it, if it spoke of this export. Undefined if the export did not come
   * to its end. Throws a `FileError`.
   */
  async root(described: Descriptor): Promise<Descriptor | undefined> {
    const info = this.#last && await this.#content.info(this.#last);
    const manifest = info && await readManifest(this.#content, info);
    if (info === undefined || manifest === undefined) return undefined;
    const { digest, size } = info;
    return digest === described.digest && size === described.size
      ? described
      : { mediaType: manifest.mediaType, digest, size };
  }

  /** After an export that failed: removes the blobs that did not arrive as a whole. Those that did may serve the next one. */
  async discard(): Promise<void> {
    for (const ref of this.#begun) await this.#content.abort(ref);
    removeEmpty(join(this.#folder, "ingest"));
  }

  async #openWriter(ref: string, options: IngestOptions): Promise<BlobWriter> {
    try {
      fs.mkdirSync(this.#folder, { recursive: true });
    } catch (error) {
      throw writeFailure(this.#folder, error);
    }
    await this.#beforeWrite();
    this.#last = options.expected ?? this.#last;
    const writer = await this.#content.openWriter(ref, options);
    this.#begun.add(ref);
    return writer;
  }
}

/** Removes a folder, unless there is something in it. */
function removeEmpty(folder: string): void {
  try {
    fs.rmdirSync(folder);
  } catch (error) {
    // Something of others is in it, or nothing was begun.
    if (!["ENOTEMPTY", "EEXIST", "ENOENT"].includes(errorCode(error) ?? "")) {
      throw writeFailure(folder, error);
    }
  }
}
