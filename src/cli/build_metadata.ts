/** What `--metadata-file` holds besides the builder's own words (buildx commands/build.go). */
import type { ProgressState } from "../progress/model.ts";
import { warningJson } from "../progress/rawjson.ts";
import type { BuildResult } from "../types.ts";
import { parseBool } from "./parse_bool.ts";

type Env = (name: string) => string | undefined;

/** How much of the build's provenance goes into the file: `BUILDX_METADATA_PROVENANCE` as buildx reads it. */
export function metadataProvenance(env: Env): "min" | "max" | undefined {
  const value = env("BUILDX_METADATA_PROVENANCE") ?? "";
  if (value === "disabled" || parseBool(value) === false) return undefined;
  return value === "max" ? "max" : "min";
}

/**
 * The metadata of a build's result with the build's reference and, where `BUILDX_METADATA_WARNINGS` asks, its
 * warnings, as far as the progress was followed.
 */
export function buildMetadata(
  { metadata, ref, builder }: BuildResult,
  state: ProgressState | undefined,
  env: Env,
): Record<string, unknown> {
  // buildx names builder, node and build. A Docker engine's own builder is its "default".
  const node = builder.kind === "standalone" ? "moat-build/moat-build0" : "default/default";
  const warnings = parseBool(env("BUILDX_METADATA_WARNINGS") ?? "") === true
    ? [...state?.steps ?? []].flatMap((step) => step.warnings.map(warningJson))
    : [];
  return {
    ...metadata,
    "buildx.build.ref": `${node}/${ref}`,
    ...(warnings.length > 0 && { "buildx.build.warnings": warnings }),
  };
}
