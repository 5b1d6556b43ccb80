/** What `--metadata-file` holds besides the builder's own words (buildx commands/build.go). */
import type { Build } from "../build.ts";
import type { VertexWarning } from "../gen/control.ts";
import { warningJson } from "../progress/rawjson.ts";
import { warningKey } from "../progress/warning.ts";
import type { BuildResult } from "../types.ts";
import { parseBool } from "./parse_bool.ts";

type Env = (name: string) => string | undefined;

/** How much of the build's provenance goes into the file: `BUILDX_METADATA_PROVENANCE` as buildx reads it. */
export function metadataProvenance(env: Env): "min" | "max" | undefined {
  const value = env("BUILDX_METADATA_PROVENANCE") ?? "";
  if (value === "disabled" || parseBool(value) === false) return undefined;
  return value === "max" ? "max" : "min";
}

/** The warnings of a build to its end, each once; none unless `BUILDX_METADATA_WARNINGS` asks for them. */
export async function collectWarnings(build: Build, env: Env): Promise<VertexWarning[]> {
  if (parseBool(env("BUILDX_METADATA_WARNINGS") ?? "") !== true) return [];
  const found = new Map<string, VertexWarning>();
  for await (const { warnings } of build.statuses()) {
    for (const warning of warnings) found.set(warningKey(warning), warning);
  }
  return [...found.values()];
}

/** The metadata of a build's result with the build's reference and its warnings. */
export function buildMetadata(
  { metadata, ref, builder }: BuildResult,
  warnings: readonly VertexWarning[],
): Record<string, unknown> {
  // buildx names builder, node and build. A Docker engine's own builder is its "default".
  const node = builder.kind === "standalone" ? "moat-build/moat-build0" : "default/default";
  return {
    ...metadata,
    "buildx.build.ref": `${node}/${ref}`,
    ...(warnings.length > 0 && { "buildx.build.warnings": warnings.map(warningJson) }),
  };
}
