/** Images in OCI layouts on this machine as contexts (frontend/dockerui/namedcontext.go, buildx util/ocilayout). */
import { createHash } from "node:crypto";
import { resolve } from "node:path";
import { type Digest, parseDigest } from "../content/digest.ts";
import { folderStore } from "../content/folder_store.ts";
import { findEntry, namesOfEntry, readIndex } from "../content/index_json.ts";
import { look } from "../content/look.ts";
import type { ContentStore } from "../content/store.ts";
import { FileError, OptionError } from "../errors.ts";
import { nearest } from "../nearest.ts";

const PREFIX = "oci-layout://";
const TAG_REGEXP = /^[\w][\w.-]{0,127}$/;

/** A context that the daemon reads from a store of this side. */
export interface OciLayoutContext {
  /** Value of the frontend's `context:NAME` attribute. */
  readonly value: string;
  /** The store's id in the session. */
  readonly storeId: string;
  /** Only ever read. */
  readonly store: ContentStore;
}

/**
 * Opens `oci-layout://FOLDER[:TAG|@DIGEST]`. Without either it is the tag `latest`, or what is in the folder if that is one
 * image. `option` is the option's name, for messages.
 *
 * @throws {OptionError} if there is no such image
 * @throws {FileError} if the folder can't be read
 */
export async function ociLayoutContext(value: string, option: string): Promise<OciLayoutContext> {
  const { folder, tag, digest: given } = parse(value);
  if (folder === "" || look(folder) !== "folder") {
    throw new OptionError(option, `"${value}": there is no folder "${folder}"`, `${PREFIX}./image`);
  }
  const digest = given ?? await findDigest(folder, tag, value, option);
  const store = folderStore(folder);
  if (await store.info(digest) === undefined) {
    throw new OptionError(option, `"${value}": the folder has no blob ${digest}`);
  }
  // The daemon takes it for a repository's name, which can't hold a path.
  const id = `layout-${createHash("sha256").update(resolve(folder)).digest("hex").slice(0, 32)}`;
  const reference = tag === undefined ? id : `${id}:${tag}`;
  return { value: `${PREFIX}${reference}@${digest}`, storeId: `oci:${id}`, store };
}

function parse(value: string): { folder: string; tag?: string; digest?: Digest } {
  const text = value.slice(PREFIX.length);
  const at = text.lastIndexOf("@");
  const digest = at < 0 ? undefined : parseDigest(text.slice(at + 1));
  const rest = digest === undefined ? text : text.slice(0, at);
  const tag = digest === undefined && isFolder(rest) ? undefined : tagOf(rest);
  const folder = tag === undefined ? rest : rest.slice(0, -tag.length - 1);
  return { folder, ...(tag !== undefined && { tag }), ...(digest !== undefined && { digest }) };
}

/** Whether it is the name of a folder, tag or not. Deno's permissions may be for the folder without the tag. */
function isFolder(path: string): boolean {
  try {
    return look(path) === "folder";
  } catch (error) {
    if (error instanceof FileError && error.code === "PERMISSION_MISSING" && tagOf(path)) {
      return false;
    }
    throw error;
  }
}

/** `C:\folder` has none. */
function tagOf(text: string): string | undefined {
  const colon = text.lastIndexOf(":");
  const tag = text.slice(colon + 1);
  const isDrive = colon === 1 && /^[a-z]:[\\/]/i.test(text);
  return colon < 0 || isDrive || !TAG_REGEXP.test(tag) ? undefined : tag;
}

async function findDigest(
  folder: string,
  tag: string | undefined,
  value: string,
  option: string,
): Promise<Digest> {
  const entries = await readIndex(folder);
  if (entries === undefined) {
    throw new OptionError(option, `"${value}": the folder is no OCI layout: no index.json`);
  }
  const found = findEntry(entries, tag ?? "latest");
  if (found !== undefined) return found.digest;
  if (tag === undefined && entries.length === 1) return entries[0]!.digest;
  const names = [...new Set(entries.flatMap(namesOfEntry))];
  const guess = nearest(tag ?? "latest", names) ?? names[0];
  throw new OptionError(
    option,
    `"${value}": the folder has no image tagged "${tag ?? "latest"}"` +
      (names.length === 0 ? "" : `; there is ${names.join(", ")}`),
    guess === undefined ? `${PREFIX}${folder}@sha256:...` : `${PREFIX}${folder}:${guess}`,
  );
}
