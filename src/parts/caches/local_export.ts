/** Caches in folders of this machine, as targets (client/solve.go). */
import fs from "node:fs";
import { type CacheLock, lockCache } from "../../content/cache_lock.ts";
import { type Digest, parseDigest } from "../../content/digest.ts";
import { folderStore } from "../../content/folder_store.ts";
import { type Descriptor, parseDescriptor, putEntry } from "../../content/index_json.ts";
import { readManifest } from "../../content/manifest.ts";
import { removeUnreferenced } from "../../content/prune.ts";
import type { BlobWriter, ContentStore, IngestOptions } from "../../content/store.ts";
import { FileError, OptionError, ProtocolError } from "../../errors.ts";
import type { Logger } from "../../types.ts";
import type { CacheEntry } from "./entry.ts";

/** A folder that a build leaves its results in. */
export class LocalExport {
  readonly storeId: string;
  readonly store: ContentStore;
  readonly #folder: string;
  readonly #content: ContentStore;
  readonly #tag: string;
  readonly #reset: boolean;
  readonly #signal: AbortSignal;
  #lock: Promise<CacheLock> | undefined;
  /** The blob that the daemon wrote, or wanted to write, last. */
  #last: Digest | undefined;

  /** Throws an `OptionError` if the folder is none. */
  constructor({ attrs, option }: CacheEntry, signal: AbortSignal) {
    this.#folder = attrs.get("dest")!;
    this.#tag = attrs.get("tag") || "latest";
    this.#reset = /^(?:1|t|true)$/i.test(attrs.get("reset") ?? "");
    this.#signal = signal;
    if (fs.statSync(this.#folder, { throwIfNoEntry: false })?.isDirectory() === false) {
      throw new OptionError(`${option}.dest`, `"${this.#folder}" is not a folder`, '"./cache"');
    }
    this.storeId = `local:${this.#folder}`;
    this.#content = folderStore(this.#folder, { writable: true });
    this.store = this.#guarded();
  }

  /** Names the cache that was written, and removes what has no name if asked to. Throws a `FileError`. */
  async commit(response: ReadonlyMap<string, string>, logger: Logger | undefined): Promise<void> {
    const descriptor = await this.#manifest(response);
    if (descriptor !== undefined) await putEntry(this.#folder, descriptor, [{ tag: this.#tag }]);
    await this.release();
    if (this.#reset) await this.#removeOld(logger);
  }

  /** Lets others have the folder. */
  async release(): Promise<void> {
    const lock = this.#lock;
    this.#lock = undefined;
    try {
      (await lock)?.close();
    } catch (error) {
      // The write that wanted the lock has failed by it.
      if (!(error instanceof FileError) && error !== this.#signal.reason) throw error;
    }
  }

  /** The store, with its blobs safe from being removed by another build from the first write on. */
  #guarded(): ContentStore {
    const content = this.#content;
    const openWriter = async (ref: string, options: IngestOptions): Promise<BlobWriter> => {
      fs.mkdirSync(this.#folder, { recursive: true });
      await (this.#lock ??= lockCache(this.#folder, "shared", this.#signal));
      this.#last = options.expected ?? this.#last;
      return await content.openWriter(ref, options);
    };
    return {
      writable: true,
      deletable: false,
      info: (digest) => content.info(digest),
      list: () => content.list(),
      read: (digest, range) => content.read(digest, range),
      delete: (digest) => content.delete(digest),
      status: (ref) => content.status(ref),
      statuses: () => content.statuses(),
      abort: (ref) => content.abort(ref),
      openWriter,
    };
  }

  /**
   * What the daemon says it has written; undefined if that is nothing. With several exports it speaks of one only, while
   * they may differ; the last blob of an export is its manifest.
   */
  async #manifest(response: ReadonlyMap<string, string>): Promise<Descriptor | undefined> {
    const text = response.get("cache.manifest");
    if (!text || this.#last === undefined) return undefined;
    const told = parseDescriptor(JSON.parse(text));
    if (told === undefined || parseDigest(told.digest) === undefined) {
      throw new ProtocolError(
        `The builder described the cache in a way that is not understood: ${text}`,
      );
    }
    const digest = told.digest === this.#last ? told.digest : this.#last;
    const info = await this.#content.info(digest);
    const manifest = info && await readManifest(this.#content, info);
    // An export whose errors are ignored may have ended anywhere.
    if (info === undefined || manifest === undefined) return undefined;
    return digest === told.digest
      ? told
      : { mediaType: manifest.mediaType, digest, size: info.size };
  }

  /** What could not be removed takes up space, but the build is done. */
  async #removeOld(logger: Logger | undefined): Promise<void> {
    const say = (why: string) => logger?.warn?.(`cache in ${this.#folder} not cleaned up: ${why}`);
    let lock: CacheLock | undefined;
    try {
      lock = await lockCache(this.#folder, "try-exclusive", this.#signal);
      if (lock === undefined) return say("another build is writing to it");
      await removeUnreferenced(this.#folder, this.#content);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      say(error.message);
    } finally {
      lock?.close();
    }
  }
}
