/** The id of the tree that a commit of the index would have. */
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import type { IndexEntry } from "./index_file.ts";

/** `entries` are those of the index, in its order, which is that of trees. */
export function treeId(entries: readonly IndexEntry[], hash: "sha1" | "sha256"): string {
  const rest = { at: 0 };
  return hashTree(entries, "", rest, hash);
}

function hashTree(
  entries: readonly IndexEntry[],
  folder: string,
  rest: { at: number },
  hash: "sha1" | "sha256",
): string {
  const parts: Buffer[] = [];
  const add = (mode: number, name: string, id: string) =>
    parts.push(Buffer.from(`${mode.toString(8)} ${name}\0`, "latin1"), Buffer.from(id, "hex"));
  for (let entry = entries[rest.at]; entry?.path.startsWith(folder); entry = entries[rest.at]) {
    const name = entry.path.slice(folder.length);
    const slash = name.indexOf("/");
    if (slash < 0 || slash === name.length - 1) {
      rest.at++;
      add(entry.mode, name.replace(/\/$/, ""), entry.id);
    } else {
      const below = name.slice(0, slash);
      add(0o40000, below, hashTree(entries, `${folder}${below}/`, rest, hash));
    }
  }
  return objectId("tree", Buffer.concat(parts), hash);
}

/** The id of an object. */
export function objectId(
  type: "tree" | "blob",
  content: Uint8Array | string,
  hash: "sha1" | "sha256",
): string {
  const size = typeof content === "string" ? Buffer.byteLength(content) : content.length;
  return createHash(hash).update(`${type} ${size}\0`).update(content).digest("hex");
}
