import { FileError } from "../errors.ts";
import type { Digest } from "./digest.ts";
import { readIndex } from "./index_json.ts";
import { readManifest } from "./manifest.ts";
import type { ContentStore } from "./store.ts";

/**
 * Removes the blobs of a folder that its index.json does not lead to. Nothing is removed unless all of the index is understood.
 *
 * @throws {FileError} if it is not, or if something can't be read or removed
 */
export async function removeUnreferenced(folder: string, store: ContentStore): Promise<void> {
  const entries = await readIndex(folder, { strict: true });
  if (entries === undefined) {
    throw new FileError("FILE_NOT_FOUND", folder, `Cannot clean up ${folder}: no index.json`);
  }
  const keep = new Set<Digest>();
  const open = entries.map(({ digest }) => digest);
  for (let digest = open.pop(); digest !== undefined; digest = open.pop()) {
    if (keep.has(digest)) continue;
    keep.add(digest);
    const info = await store.info(digest);
    const manifest = info && await readManifest(store, info);
    open.push(...manifest?.children ?? []);
  }
  const old: Digest[] = [];
  for await (const { digest } of store.list()) if (!keep.has(digest)) old.push(digest);
  for (const digest of old) await store.delete(digest);
}
