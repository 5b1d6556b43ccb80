/** Caches in folders of this machine, as sources (client/solve.go). */
import { parseDigest } from "../../content/digest.ts";
import { folderStore } from "../../content/folder_store.ts";
import { findEntry, readIndex } from "../../content/index_json.ts";
import type { ContentStore } from "../../content/store.ts";
import { FileError, OptionError } from "../../errors.ts";
import type { CacheEntry } from "./entry.ts";

/** A folder that a build may take results from. */
export interface LocalImport {
  /** With the digest of what the tag stands for now. */
  readonly entry: CacheEntry;
  readonly storeId: string;
  readonly store: ContentStore;
}

/**
 * Opens the folder of a `local` source. What is not there yet is no error, since the first build of all has no cache: then it
 * is the reason as a text.
 *
 * @throws {OptionError} if a digest that was given is none
 * @throws {FileError} `PERMISSION_MISSING` if Deno's permissions forbid to read it
 */
export async function openLocalImport(entry: CacheEntry): Promise<LocalImport | string> {
  const { option, type, attrs } = entry;
  const src = attrs.get("src")!;
  const given = attrs.get("digest");
  if (given !== undefined && parseDigest(given) === undefined) {
    throw new OptionError(`${option}.digest`, `"${given}" is not a digest`, '"sha256:..."');
  }
  const store = folderStore(src);
  const found = given === undefined ? await lookUp(src, attrs.get("tag") ?? "latest") : given;
  const digest = parseDigest(found);
  if (digest === undefined) return found;
  try {
    if (await store.info(digest) === undefined) return `the blob ${digest} is missing`;
  } catch (error) {
    return problem(error);
  }
  const withDigest = { option, type, attrs: new Map([...attrs, ["digest", digest]]) };
  return { entry: withDigest, storeId: `local:${src}`, store };
}

/** The digest, or why there is none. */
async function lookUp(folder: string, tag: string): Promise<string> {
  try {
    const entries = await readIndex(folder);
    if (entries === undefined) return "there is no cache yet (no index.json)";
    return findEntry(entries, tag)?.digest ?? `it has no tag "${tag}"`;
  } catch (error) {
    return problem(error);
  }
}

/** A cache that is broken makes a build slower, not wrong; one that may not be read would do so for ever. */
function problem(error: unknown): string {
  if (error instanceof FileError && error.code !== "PERMISSION_MISSING") return error.message;
  throw error;
}
