/** Provenance in the shape of SLSA v0.2, whichever version the daemon wrote (solver/llbsolver/provenance/types). */
import type { Provenance } from "./types.ts";

/** Of which kind a predicate is that follows SLSA v1. */
export const SLSA_V1 = "https://slsa.dev/provenance/v1";

const BUILD_TYPE = "https://mobyproject.org/buildkit@v1";

/** A predicate of SLSA v1, as far as it is read here. */
interface PredicateV1 {
  buildDefinition: {
    externalParameters: {
      configSource?: { uri?: string; digest?: Record<string, string>; path?: string };
      request?: Record<string, unknown>;
    };
    internalParameters?: Record<string, unknown>;
    resolvedDependencies?: { uri: string; digest?: Record<string, string> }[];
  };
  runDetails: {
    builder: { id: string };
    metadata?: {
      invocationId?: string;
      startedOn?: string;
      finishedOn?: string;
      buildkit_metadata?: unknown;
      buildkit_hermetic?: boolean;
      buildkit_completeness?: { request?: boolean; resolvedDependencies?: boolean };
      buildkit_reproducible?: boolean;
    };
  };
}

/** A predicate of either version as one of v0.2; `min` leaves out what buildx leaves out. */
export function toSlsa02(
  predicate: unknown,
  predicateType: string,
  mode: "min" | "max",
): Provenance {
  const whole = predicateType === SLSA_V1
    ? convert(predicate as PredicateV1)
    : predicate as Provenance;
  if (mode === "max") return whole;
  const { buildConfig: _config, metadata: _metadata, ...rest } = whole;
  return rest;
}

function convert({ buildDefinition, runDetails }: PredicateV1): Provenance {
  const { externalParameters, internalParameters = {}, resolvedDependencies } = buildDefinition;
  const { configSource = {}, request = {} } = externalParameters;
  const { uri, digest, path } = configSource;
  const { buildConfig, builderPlatform, targetPlatform: _target, ...environment } =
    internalParameters;
  return {
    builder: { id: runDetails.builder.id },
    buildType: BUILD_TYPE,
    ...(resolvedDependencies !== undefined && { materials: resolvedDependencies.map(material) }),
    invocation: {
      configSource: {
        ...(uri !== undefined && { uri }),
        ...(digest !== undefined && { digest }),
        ...(path !== undefined && { entryPoint: path }),
      },
      parameters: request,
      environment: sorted({ ...environment, platform: builderPlatform }),
    },
    ...(buildConfig !== undefined && { buildConfig }),
    ...(runDetails.metadata !== undefined && { metadata: convertMetadata(runDetails.metadata) }),
  };
}

function material({ uri, digest }: { uri: string; digest?: Record<string, string> }) {
  return { uri, ...(digest !== undefined && { digest }) };
}

function convertMetadata(
  metadata: NonNullable<PredicateV1["runDetails"]["metadata"]>,
): Record<string, unknown> {
  const { invocationId, startedOn, finishedOn, buildkit_completeness: complete } = metadata;
  return {
    ...(invocationId !== undefined && { buildInvocationID: invocationId }),
    ...(startedOn !== undefined && { buildStartedOn: startedOn }),
    ...(finishedOn !== undefined && { buildFinishedOn: finishedOn }),
    completeness: {
      parameters: complete?.request ?? false,
      environment: true,
      materials: complete?.resolvedDependencies ?? false,
    },
    reproducible: metadata.buildkit_reproducible ?? false,
    [`${BUILD_TYPE}#metadata`]: metadata.buildkit_metadata ?? {},
    ...(metadata.buildkit_hermetic === true && { [`${BUILD_TYPE}#hermetic`]: true }),
  };
}

function sorted(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1));
}
