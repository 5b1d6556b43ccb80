/** Blobs that name other blobs: manifests and indexes of OCI and Docker. */
import { concat } from "../rpc/concat.ts";
import { type Digest, parseDigest } from "./digest.ts";
import type { BlobInfo, ContentStore } from "./store.ts";

/** What a manifest or an index says. */
export interface Manifest {
  readonly mediaType: string;
  /** What it names; some of it may be elsewhere. */
  readonly children: readonly Digest[];
}

/** Larger ones are refused by registries too. */
const MAX_BYTES = 8 << 20;
const MEDIA_TYPE_REGEXP =
  /^application\/vnd\.(?:oci\.image\.(?:manifest|index)\.v1|docker\.distribution\.manifest(?:\.list)?\.v2)\+json$/;

/** Reads a blob as a manifest; undefined if it is none. Throws a `FileError` if it can't be read. */
export async function readManifest(
  store: ContentStore,
  { digest, size }: BlobInfo,
): Promise<Manifest | undefined> {
  if (size > MAX_BYTES) return undefined;
  const chunks: Uint8Array[] = [];
  for await (const chunk of store.read(digest, { offset: 0, length: size })) {
    // A layer or a file of one; no need to read on.
    if (chunks.length === 0 && chunk[0] !== 0x7b) return undefined;
    chunks.push(chunk);
  }
  const value = parseObject(new TextDecoder().decode(concat(chunks)));
  const { mediaType, schemaVersion, config, layers, manifests } = value ?? {};
  if (schemaVersion !== 2) return undefined;
  if (typeof mediaType === "string" && !MEDIA_TYPE_REGEXP.test(mediaType)) return undefined;
  const children = [config, layers, manifests].flat().map(digestOf)
    .filter((digest) => digest !== undefined);
  const kind = Array.isArray(manifests) ? "index" : "manifest";
  const inferred = `application/vnd.oci.image.${kind}.v1+json`;
  return { mediaType: typeof mediaType === "string" ? mediaType : inferred, children };
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch (error) {
    // Some other file that begins with a brace.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function digestOf(value: unknown): Digest | undefined {
  const digest = (value as { digest?: unknown } | null | undefined)?.digest;
  return typeof digest === "string" ? parseDigest(digest) : undefined;
}
