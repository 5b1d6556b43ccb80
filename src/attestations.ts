/** Attestations of an image in the builder's store (docs/attestations/attestation-storage). */
import type { BuildKitClient } from "./client.ts";
import { readBlob } from "./history.ts";
import type { Attestation } from "./types.ts";

const REFERENCE_TYPE = "vnd.docker.reference.type";
const REFERENCE_DIGEST = "vnd.docker.reference.digest";
const ATTESTATION_MANIFEST = "attestation-manifest";
const PREDICATE = "in-toto.io/predicate-type";

interface Descriptor {
  digest: string;
  annotations?: Record<string, string>;
  platform?: { os: string; architecture: string; variant?: string };
}

interface Manifest {
  manifests?: Descriptor[] | null;
  layers?: Descriptor[] | null;
}

/**
 * The attestations of an image that the builder has made and still keeps: provenance, SBOMs.
 *
 * @param digest Of the image's index, as a build's result has it. An image without an index has no attestations.
 * @throws {RpcError} if the builder does not have the image
 */
export async function readAttestations(
  client: BuildKitClient,
  digest: string,
  { signal }: { signal?: AbortSignal } = {},
): Promise<Attestation[]> {
  const read = async <T>(blob: string): Promise<T> => {
    const bytes = await readBlob(client, blob, signal === undefined ? {} : { signal });
    return JSON.parse(new TextDecoder().decode(bytes)) as T;
  };
  const { manifests } = await read<Manifest>(digest);
  const found: Attestation[] = [];
  for (const { digest, annotations = {} } of manifests ?? []) {
    if (annotations[REFERENCE_TYPE] !== ATTESTATION_MANIFEST) continue;
    const subject = annotations[REFERENCE_DIGEST] ?? "";
    const platform = platformOf(manifests?.find((manifest) => manifest.digest === subject));
    const { layers } = await read<Manifest>(digest);
    for (const layer of layers ?? []) {
      const predicateType = layer.annotations?.[PREDICATE];
      if (predicateType === undefined) continue;
      const statement = await read<Record<string, unknown>>(layer.digest);
      found.push({ subject, platform, predicateType, statement });
    }
  }
  return found;
}

function platformOf(manifest: Descriptor | undefined): string | undefined {
  if (manifest?.platform === undefined) return undefined;
  const { os, architecture, variant } = manifest.platform;
  return [os, architecture, ...(variant ? [variant] : [])].join("/");
}
