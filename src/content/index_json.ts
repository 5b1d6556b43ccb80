/** A folder's index.json: names and tags of what its blobs hold (client/ociindex/ociindex.go, OCI image-spec image-layout). */
import { randomUUID } from "node:crypto";
import fs from "node:fs";
import { join } from "node:path";
import { FileError } from "../errors.ts";
import { isMissing, readError } from "../files/read_error.ts";
import { writeFailure } from "../files/write_failure.ts";
import { type Digest, parseDigest } from "./digest.ts";
import { withIndexLock } from "./index_lock.ts";

/** Names a blob. What else it says is kept as it is. */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** What an entry is found by: a tag alone, or an image's full name. */
export type IndexName = { readonly tag: string } | { readonly name: string };

/** Content of index.json; of its entries nothing is known. */
interface Index {
  manifests: unknown[];
  [key: string]: unknown;
}

type Bag = Record<string, unknown>;

const IMAGE_NAME = "io.containerd.image.name";
const REF_NAME = "org.opencontainers.image.ref.name";
const INDEX_TYPE = "application/vnd.oci.image.index.v1+json";

/** `value` as a descriptor, undefined if it is none. */
export function parseDescriptor(value: unknown): Descriptor | undefined {
  if (!isBag(value) || typeof value.digest !== "string") return undefined;
  const { mediaType = "", size } = value;
  const fits = typeof mediaType === "string" && Number.isSafeInteger(size) && Number(size) >= 0;
  if (!fits || parseDigest(value.digest) === undefined) return undefined;
  return { ...value, mediaType } as unknown as Descriptor;
}

/**
 * The entries of a folder's index, all but those that are no descriptors; undefined if there is no index. Throws a `FileError`
 * if the index is malformed; with `strict`, also for entries that are no descriptors.
 */
export async function readIndex(
  folder: string,
  { strict = false }: { strict?: boolean } = {},
): Promise<Descriptor[] | undefined> {
  const path = join(folder, "index.json");
  const index = await readSettled(path);
  return index?.manifests.map(parseDescriptor).filter((entry) => {
    if (entry === undefined && strict) {
      throw malformed(path, "it has an entry that is no descriptor");
    }
    return entry !== undefined;
  });
}

/** The entry of an image's full name, else that of a tag; undefined if there is neither. */
export function findEntry(entries: readonly Descriptor[], name: string): Descriptor | undefined {
  return entries.find(({ annotations }) => annotations?.[IMAGE_NAME] === name) ??
    entries.find(({ annotations }) => annotations?.[REF_NAME] === name);
}

/** What an entry may be found by. */
export function namesOfEntry({ annotations }: Descriptor): string[] {
  const names = [annotations?.[IMAGE_NAME], annotations?.[REF_NAME]];
  return names.filter((name) => name !== undefined && name !== "") as string[];
}

/**
 * Enters a blob under some names, in place of what had them before; everything else stays. Makes the index, and marks the
 * folder as an OCI layout, if need be. At any time a complete index is in place. Throws a `FileError`.
 */
export async function putEntry(
  folder: string,
  descriptor: Descriptor,
  names: readonly IndexName[],
): Promise<void> {
  const path = join(folder, "index.json");
  await withIndexLock(`${path}.lock`, () => {
    const layout = join(folder, "oci-layout");
    if (!fs.existsSync(layout)) replaceFile(layout, { imageLayoutVersion: "1.0.0" });
    const index = read(path) ?? { schemaVersion: 2, mediaType: INDEX_TYPE, manifests: [] };
    index.schemaVersion ||= 2;
    index.mediaType ||= INDEX_TYPE;
    for (const name of names) insert(index, descriptor, name);
    replaceFile(path, index);
  });
}

function insert(index: Index, descriptor: Descriptor, name: IndexName): void {
  const imageName = "name" in name ? name.name : undefined;
  const refName = "name" in name ? refNameOf(name.name) : name.tag;
  const isSame = (entry: unknown) => {
    const annotations = isBag(entry) && isBag(entry.annotations) ? entry.annotations : {};
    return (annotations[REF_NAME] ?? "") === refName &&
      (annotations[IMAGE_NAME] ?? "") === (imageName ?? "");
  };
  const annotations = {
    ...descriptor.annotations,
    ...(imageName !== undefined && { [IMAGE_NAME]: imageName }),
    [REF_NAME]: refName,
  };
  const others = index.manifests.filter((entry) => !isSame(entry));
  index.manifests = [...others, { ...descriptor, annotations }];
}

/** What stands behind the repository (containerd pkg/reference): of `host/path:tag` the tag. */
function refNameOf(name: string): string {
  const slash = name.indexOf("/");
  const [host, path] = slash < 0 ? [name, ""] : [name.slice(0, slash), name.slice(slash)];
  const isReference = /^[^:@]+(?::\d*)?$/.test(host) && !path.split("/").includes("..");
  if (!isReference) return name;
  const at = path.search(/[:@]/);
  return at < 0 ? "" : path.slice(at).replace(/^:/, "");
}

/**
 * Other programs write the index in place, so that it may be met half-written; they hold its lock then. Taking the lock for
 * every read would need write access.
 */
async function readSettled(path: string): Promise<Index | undefined> {
  try {
    return read(path);
  } catch (error) {
    const lock = `${path}.lock`;
    if (!(error instanceof FileError) || error.code === "PERMISSION_MISSING") throw error;
    if (!fs.existsSync(lock)) throw error;
    return await withIndexLock(lock, () => read(path));
  }
}

function read(path: string): Index | undefined {
  const text = readText(path);
  if (text === undefined || text.trim() === "") return undefined;
  let index: unknown;
  try {
    index = JSON.parse(text);
  } catch (error) {
    throw malformed(path, (error as Error).message);
  }
  if (!isBag(index)) throw malformed(path, "it is no object");
  const manifests = index.manifests ?? [];
  if (!Array.isArray(manifests)) throw malformed(path, "its manifests are no list");
  return { ...index, manifests };
}

function readText(path: string): string | undefined {
  try {
    return fs.readFileSync(path, "utf8");
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw readError("read", path, error);
  }
}

function replaceFile(path: string, content: object): void {
  const temporary = `${path}.${randomUUID()}`;
  try {
    const file = fs.openSync(temporary, "wx", 0o644);
    try {
      fs.writeFileSync(file, JSON.stringify(content));
      fs.fsyncSync(file);
    } finally {
      fs.closeSync(file);
    }
    fs.renameSync(temporary, path);
  } catch (error) {
    fs.rmSync(temporary, { force: true });
    throw writeFailure(path, error);
  }
}

function malformed(path: string, reason: string): FileError {
  return new FileError(
    "FILE_UNREADABLE",
    path,
    `Cannot read ${path}: ${reason}. Repair it or remove it`,
  );
}

function isBag(value: unknown): value is Bag {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
