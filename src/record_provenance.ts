/** The provenance that the daemon keeps of every build in its history (buildx build/provenance.go). */
import type { BuildKitClient } from "./client.ts";
import { ConnectionError } from "./errors.ts";
import type { BuildResultInfo } from "./gen/control.ts";
import { findRecord, readBlob } from "./history.ts";
import { RpcError } from "./rpc/status.ts";
import { toSlsa02 } from "./slsa.ts";
import type { Logger, Provenance } from "./types.ts";

const KEY = "buildx.build.provenance";

const PREDICATE = "in-toto.io/predicate-type";
const IN_TOTO = "application/vnd.in-toto+json";
const SLSA = "https://slsa.dev/provenance/";

/** How long each question may take, in milliseconds. */
const TIMEOUT_MS = 10_000;

/** What {@linkcode recordedProvenance} needs besides the build. */
export interface RecordOptions {
  mode: "min" | "max";
  logger: Logger | undefined;
  signal: AbortSignal;
}

/**
 * The provenance of the build `ref` by its key in the metadata: `buildx.build.provenance`, with `/PLATFORM` where there are
 * several results. Nothing but a warning if the daemon has none: the build itself went well.
 */
export async function recordedProvenance(
  client: BuildKitClient,
  ref: string,
  { mode, logger, signal }: RecordOptions,
): Promise<Record<string, Provenance>> {
  try {
    const options = { signal, timeoutMs: TIMEOUT_MS };
    const record = await findRecord(client, ref, options);
    const results: [string, BuildResultInfo | undefined][] = [...record?.results ?? []];
    if (results.length === 0) results.push(["", record?.result]);
    const found: Record<string, Provenance> = {};
    for (const [platform, result] of results) {
      const blob = result?.attestations.find(isProvenance);
      if (blob === undefined) continue;
      const text = new TextDecoder().decode(await readBlob(client, blob.digest, options));
      const type = blob.annotations.get(PREDICATE)!;
      found[platform === "" ? KEY : `${KEY}/${platform}`] = toSlsa02(JSON.parse(text), type, mode);
    }
    if (Object.keys(found).length === 0) {
      logger?.warn?.("The builder has recorded no provenance of the build");
    }
    return found;
  } catch (error) {
    // Daemons without a history, or before it was there. The result is not worth less for it.
    const harmless = error instanceof RpcError || error instanceof ConnectionError ||
      error instanceof SyntaxError;
    if (!harmless || signal.aborted) throw error;
    logger?.warn?.(`The builder does not tell the build's provenance: ${error.message}`);
    return {};
  }
}

function isProvenance({ mediaType, annotations }: BuildResultInfo["attestations"][number]) {
  return mediaType === IN_TOTO && annotations.get(PREDICATE)?.startsWith(SLSA) === true;
}
