/** Everything that is known of one build. */
import { readBlob } from "../history.ts";
import type { Caller } from "../rpc/caller.ts";
import type { CallOptions } from "../rpc/channel.ts";
import { type Attachment, listAttachments } from "./attachments.ts";
import { type BuildRecord, toBuildRecord } from "./build_record.ts";
import { findBuild } from "./find_build.ts";

/** What {@linkcode BuildKitClient.inspectBuild} found. */
export interface BuildDetails extends BuildRecord {
  /** What is attached to the results: provenance, SBOMs. */
  readonly attachments: readonly Attachment[];
  /** What went into the build, as its provenance says: images, repositories, downloads. */
  readonly materials: readonly Material[];
}

/** Something that went into a build. */
export interface Material {
  /** Where it came from, for example `pkg:docker/alpine@3`. */
  readonly uri: string;
  /** For example `sha256:…`. */
  readonly digests: readonly string[];
}

/** The build's record with what is kept beside it. Throws as {@linkcode findBuild}. */
export async function inspectBuild(
  caller: Caller,
  ref: string,
  options: CallOptions = {},
): Promise<BuildDetails> {
  const record = await findBuild(caller, ref, options);
  const attachments = await listAttachments(caller, record, options);
  const materials = await materialsOf(caller, attachments, options);
  return { ...toBuildRecord(record), attachments, materials };
}

/** A provenance predicate, of either version. */
interface Provenance {
  materials?: ProvenanceMaterial[] | null;
  buildDefinition?: { resolvedDependencies?: ProvenanceMaterial[] | null };
}

interface ProvenanceMaterial {
  uri?: string;
  digest?: Record<string, string>;
}

async function materialsOf(
  caller: Caller,
  attachments: readonly Attachment[],
  options: CallOptions,
): Promise<Material[]> {
  const found = attachments.find(({ type }) => type.startsWith("https://slsa.dev/provenance/"));
  if (found === undefined) return [];
  const text = new TextDecoder().decode(await readBlob(caller, found.digest, options));
  const { materials, buildDefinition } = JSON.parse(text) as Provenance;
  return (materials ?? buildDefinition?.resolvedDependencies ?? []).map(({ uri, digest }) => ({
    uri: uri ?? "",
    digests: Object.entries(digest ?? {}).map(([algorithm, hex]) => `${algorithm}:${hex}`),
  }));
}
