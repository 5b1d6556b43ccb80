/** How large an image is, from the manifests in the builder's store (OCI image spec: index and manifest). */
import type { BuildKitClient } from "./client.ts";
import { ConnectionError } from "./errors.ts";
import { readBlob } from "./history.ts";
import { RpcError } from "./rpc/status.ts";

/** How long each question to the store may take, in milliseconds. */
const TIMEOUT_MS = 2_000;

interface Descriptor {
  digest?: string;
  size?: number;
}

interface Manifest {
  manifests?: Descriptor[] | null;
  config?: Descriptor;
  layers?: Descriptor[] | null;
}

/**
 * Bytes of the image with this digest as a registry would hold it: layers compressed, configs, manifests; for an index of
 * all its images together. Undefined if the builder doesn't tell: its store need not be readable.
 */
export async function imageSize(
  client: BuildKitClient,
  digest: string,
  signal: AbortSignal,
): Promise<number | undefined> {
  try {
    const sizes = new Map<string, number>();
    await addBlobs(client, { digest }, signal, sizes);
    return [...sizes.values()].reduce((sum, size) => sum + size, 0);
  } catch (error) {
    // A size is not worth a failure. A SyntaxError: what is there is no manifest.
    const harmless = error instanceof RpcError || error instanceof ConnectionError ||
      error instanceof SyntaxError;
    if (harmless && !signal.aborted) return undefined;
    throw error;
  }
}

async function addBlobs(
  client: BuildKitClient,
  { digest }: Descriptor,
  signal: AbortSignal,
  sizes: Map<string, number>,
): Promise<void> {
  if (digest === undefined) return;
  const bytes = await readBlob(client, digest, { signal, timeoutMs: TIMEOUT_MS });
  sizes.set(digest, bytes.length);
  // Go writes a list without anything in it as null: an image need not have layers.
  const { manifests, config, layers } = JSON.parse(new TextDecoder().decode(bytes)) as Manifest;
  for (const blob of [config ?? {}, ...(layers ?? [])]) {
    if (blob.digest !== undefined) sizes.set(blob.digest, blob.size ?? 0);
  }
  await Promise.all((manifests ?? []).map((manifest) => addBlobs(client, manifest, signal, sizes)));
}
