/** What the daemon keeps with a build's record: manifests, provenance, SBOMs. */
import { OptionError } from "../errors.ts";
import { formatPlatform, normalizePlatform } from "../frontend/platform.ts";
import type { BuildHistoryRecord } from "../gen/control.ts";
import { readBlob } from "../history.ts";
import type { Caller } from "../rpc/caller.ts";
import type { CallOptions } from "../rpc/channel.ts";
import { RpcError, StatusCode } from "../rpc/status.ts";
import { type StoredBlob, toBuildRecord } from "./build_record.ts";
import { findBuild } from "./find_build.ts";

/** One thing kept with a build's record. */
export interface Attachment extends StoredBlob {
  /** What it is: for attestations the predicate's type, else the media type. */
  readonly type: string;
  /** The platform it is about, where it is about one. */
  readonly platform?: string;
}

/** Options of {@linkcode BuildKitClient.attachment}. */
export interface AttachmentOptions extends CallOptions {
  /** `provenance`, `sbom`, `index`, `manifest`, `image`, or a predicate's type or media type in full. @default any */
  type?: string | undefined;
  /** For example `linux/arm64`. @default any */
  platform?: string | undefined;
}

const INDEX = "application/vnd.oci.image.index.v1+json";
const DOCKER_INDEX = "application/vnd.docker.distribution.manifest.list.v2+json";
const MANIFEST = "application/vnd.oci.image.manifest.v1+json";

/** Short names of types. */
const SHORT: Readonly<Record<string, readonly string[]>> = {
  index: [INDEX, DOCKER_INDEX],
  manifest: [MANIFEST, "application/vnd.docker.distribution.manifest.v2+json"],
  image: ["application/vnd.oci.image.config.v1+json"],
  provenance: ["https://slsa.dev/provenance/v1", "https://slsa.dev/provenance/v0.2"],
  sbom: ["https://spdx.dev/Document"],
};

const PREDICATE = "in-toto.io/predicate-type";
const DIGEST_REGEXP = /^[a-z0-9]+:[0-9a-f]{32,}$/;

/**
 * The content of a blob by its digest, or of the first attachment of the build `ref` that fits the options.
 *
 * @throws {OptionError} if there is no such build or nothing that fits
 */
export async function readAttachment(
  caller: Caller,
  refOrDigest: string,
  { type, platform, ...options }: AttachmentOptions = {},
): Promise<Uint8Array> {
  if (DIGEST_REGEXP.test(refOrDigest)) return await readStored(caller, refOrDigest, options);
  const wanted = platform === undefined ? undefined : normalizePlatform(platform, "platform");
  const record = await findBuild(caller, refOrDigest, options);
  const all = await listAttachments(caller, record, options);
  const found = all.find((attachment) =>
    (wanted === undefined || attachment.platform === wanted) &&
    (type === undefined || attachment.type === type || SHORT[type]?.includes(attachment.type))
  );
  if (found !== undefined) return await readBlob(caller, found.digest, options);
  const what = [type, platform].filter((part) => part !== undefined).join(" for ");
  const there = all.map(({ type, platform }) => platform ? `${type} for ${platform}` : type);
  throw new OptionError(
    type === undefined ? "platform" : "type",
    `the build ${record.ref} has no attachment ${what}; it has ${there.join(", ") || "none"}`,
  );
}

/** All attachments of a record, by platform and type. */
export async function listAttachments(
  caller: Caller,
  record: BuildHistoryRecord,
  options: CallOptions,
): Promise<Attachment[]> {
  const found: Attachment[] = [];
  for (const { platform, attestations, results } of toBuildRecord(record).results) {
    found.push(...attestations.map((blob) => toAttachment(blob, platform)));
    for (const blob of results) found.push(...await walk(caller, blob, platform, options));
  }
  const key = ({ platform = "", type }: Attachment) => `${platform}\0${type}`;
  return found.sort((a, b) => key(a) < key(b) ? -1 : 1);
}

/** An image's manifests: the blob and, of an index, what it lists. What is no longer in the store is left out. */
async function walk(
  caller: Caller,
  blob: StoredBlob,
  platform: string | undefined,
  options: CallOptions,
): Promise<Attachment[]> {
  const isAttestation = blob.annotations["vnd.docker.reference.type"] === "attestation-manifest";
  const content = await readIfStored(caller, blob.digest, options);
  if (content === undefined) return [];
  const own = isAttestation ? [] : [toAttachment(blob, platform)];
  if (blob.mediaType !== INDEX && blob.mediaType !== DOCKER_INDEX) return own;
  const below: Attachment[] = [];
  for (const child of indexEntries(content)) {
    below.push(...await walk(caller, child, child.platform ?? platform, options));
  }
  return [...own, ...below];
}

interface IndexJson {
  manifests?:
    | Array<{
      mediaType?: string;
      digest?: string;
      size?: number;
      annotations?: Record<string, string>;
      platform?: { os?: string; architecture?: string; variant?: string };
    }>
    | null;
}

function indexEntries(content: Uint8Array): Array<StoredBlob & { platform?: string }> {
  const { manifests } = JSON.parse(new TextDecoder().decode(content)) as IndexJson;
  return (manifests ?? []).map((entry) => {
    const { mediaType = "", digest = "", size = 0, annotations = {}, platform } = entry;
    const { os = "", architecture = "", variant = "" } = platform ?? {};
    const named = formatPlatform({ os, architecture, variant, osVersion: "", osFeatures: [] });
    // Attestations' own manifests are for the platform "unknown/unknown".
    const known = named !== "" && !named.startsWith("unknown");
    return { mediaType, digest, size, annotations, ...(known && { platform: named }) };
  });
}

function toAttachment(blob: StoredBlob, platform: string | undefined): Attachment {
  const type = blob.annotations[PREDICATE] ?? blob.mediaType;
  return { ...blob, type, ...(platform !== undefined && { platform }) };
}

async function readStored(
  caller: Caller,
  digest: string,
  options: CallOptions,
): Promise<Uint8Array> {
  const content = await readIfStored(caller, digest, options);
  if (content !== undefined) return content;
  throw new OptionError("digest", `${caller.address} has nothing with the digest ${digest}`);
}

async function readIfStored(
  caller: Caller,
  digest: string,
  options: CallOptions,
): Promise<Uint8Array | undefined> {
  try {
    return await readBlob(caller, digest, options);
  } catch (error) {
    // Results are not kept by the record: an image may be removed, or a manifest have been pushed only.
    if (error instanceof RpcError && error.status === StatusCode.NOT_FOUND) return undefined;
    throw error;
  }
}
