import type { BuildOptions } from "../types.ts";
import { parseAttestations } from "./attest_flag.ts";
import type { BuildCommandLine } from "./build_options.ts";
import type { Io } from "./io.ts";

/** From the flags about the facts that travel with a result. Throws a `UsageError`. */
export async function factOptions(
  flags: BuildCommandLine["flags"],
  io: Io,
): Promise<
  Pick<BuildOptions, "annotations" | "attestations" | "provenance" | "metadataProvenance">
> {
  const { "metadata-file": metadataFile } = flags;
  const provenance = metadataFile === undefined
    ? undefined
    : (await import("./build_metadata.ts")).metadataProvenance(io.env);
  return {
    ...(flags.annotation.length > 0 && {
      annotations: (await import("./annotation_flag.ts")).parseAnnotations(flags.annotation),
    }),
    ...(provenance !== undefined && { metadataProvenance: provenance }),
    ...parseAttestations(flags, io.env),
  };
}
