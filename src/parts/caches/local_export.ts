/** Caches in folders of this machine, as targets (client/solve.go). */
import { type CacheLock, lockCache } from "../../content/cache_lock.ts";
import { ExportStore } from "../../content/export_store.ts";
import { type Descriptor, parseDescriptor, putEntry } from "../../content/index_json.ts";
import { look } from "../../content/look.ts";
import { removeUnreferenced } from "../../content/prune.ts";
import type { ContentStore } from "../../content/store.ts";
import { FileError, OptionError, ProtocolError } from "../../errors.ts";
import type { Logger } from "../../types.ts";
import type { CacheEntry } from "./entry.ts";

/** A folder that a build leaves its results in. */
export class LocalExport {
  readonly storeId: string;
  readonly #folder: string;
  readonly #export: ExportStore;
  readonly #tag: string;
  readonly #reset: boolean;
  readonly #ignoreError: boolean;
  readonly #signal: AbortSignal;
  #lock: Promise<CacheLock> | undefined;

  /** Throws an `OptionError` if the folder is none, a `FileError` if it can't be seen. */
  constructor({ attrs, option }: CacheEntry, signal: AbortSignal) {
    this.#folder = attrs.get("dest")!;
    this.#tag = attrs.get("tag") || "latest";
    this.#reset = isOn(attrs.get("reset"));
    this.#ignoreError = isOn(attrs.get("ignore-error"));
    this.#signal = signal;
    if (look(this.#folder) === "other") {
      throw new OptionError(`${option}.dest`, `"${this.#folder}" is not a folder`, '"./cache"');
    }
    this.storeId = `local:${this.#folder}`;
    // From the first write on, blobs are safe from another build that cleans up.
    const guard = () => this.#lock ??= lockCache(this.#folder, "shared", this.#signal);
    this.#export = new ExportStore(this.#folder, guard);
  }

  /** What the daemon writes to. */
  get store(): ContentStore {
    return this.#export.store;
  }

  /** Names the cache that was written, and removes what has no name if asked to. Throws a `FileError`. */
  async commit(response: ReadonlyMap<string, string>, logger: Logger | undefined): Promise<void> {
    try {
      const descriptor = await this.#manifest(response);
      if (descriptor !== undefined) await putEntry(this.#folder, descriptor, [{ tag: this.#tag }]);
    } catch (error) {
      if (!this.#ignoreError || !(error instanceof FileError)) throw error;
      logger?.warn?.(`cache not exported: ${error.message}`);
    }
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

  /** What the daemon says it has written; undefined if that is nothing. */
  async #manifest(response: ReadonlyMap<string, string>): Promise<Descriptor | undefined> {
    const text = response.get("cache.manifest");
    if (!text) return undefined;
    const described = parseDescriptor(JSON.parse(text));
    // An export whose errors are ignored may have ended anywhere.
    if (described !== undefined) return await this.#export.root(described);
    throw new ProtocolError(`The builder described the cache as ${text}, which is no descriptor`);
  }

  /** What could not be removed takes up space, but the build is done. */
  async #removeOld(logger: Logger | undefined): Promise<void> {
    const say = (why: string) => logger?.warn?.(`cache in ${this.#folder} not cleaned up: ${why}`);
    let lock: CacheLock | undefined;
    try {
      lock = await lockCache(this.#folder, "try-exclusive", this.#signal);
      if (lock === undefined) return say("another build is writing to it");
      await removeUnreferenced(this.#folder, this.store);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      say(error.message);
    } finally {
      lock?.close();
    }
  }
}

/** Raw attributes are spelled as Go reads them. */
function isOn(value = ""): boolean {
  return /^(?:1|t|true)$/i.test(value);
}
