/** The parts of a build: which options bring which. Each is loaded when one of its options is set. */
import type { BuildOptions } from "../types.ts";
import { usesGitOverSsh } from "./git_over_ssh.ts";
import { type BuildPart, type MakePart, mergeParts, type PartScope } from "./part.ts";

/** Each part with its options. */
const PARTS: readonly {
  readonly of: readonly (keyof BuildOptions)[];
  /** What else brings the part. */
  readonly also?: (options: BuildOptions) => boolean;
  readonly load: () => Promise<MakePart> | MakePart;
}[] = [
  { of: ["contexts"], load: async () => (await import("./contexts.ts")).contextsPart },
  { of: ["vcs"], load: async () => (await import("./vcs.ts")).vcsPart },
  { of: ["secrets"], load: async () => (await import("./secrets.ts")).secretsPart },
  { of: ["ssh"], also: usesGitOverSsh, load: async () => (await import("./ssh.ts")).sshPart },
  {
    of: ["cacheFrom", "cacheTo"],
    // A build argument that every frontend's users know turns a cache on, too.
    also: ({ buildArgs }) => buildArgs?.BUILDKIT_INLINE_CACHE !== undefined,
    load: async () => (await import("./caches.ts")).cachesPart,
  },
  { of: ["resources"], load: async () => (await import("./resources.ts")).resourcesPart },
  { of: ["allow"], load: async () => (await import("./allow.ts")).allowPart },
  {
    of: [
      "shmSize",
      "ulimits",
      "cgroupParent",
      "annotations",
      "sourceDateEpoch",
    ],
    also: ({ output }) => typeof output === "object",
    load: async () => (await import("./older_builders.ts")).olderBuildersPart,
  },
  { of: ["addHosts"], load: async () => (await import("./host_gateway.ts")).hostGatewayPart },
  {
    of: ["provenance", "sbom", "attestations"],
    load: async () => (await import("./attestations.ts")).attestationsPart,
  },
  {
    of: ["sourceDateEpoch"],
    load: async () => (await import("./source_date_epoch.ts")).sourceDateEpochPart,
  },
  {
    of: [],
    also: ({ output }) => typeof output === "function",
    load: async () => (await import("./output_function.ts")).outputFunctionPart,
  },
  {
    of: ["sourcePolicy"],
    load: async () => (await import("./source_policy.ts")).sourcePolicyPart,
  },
  {
    of: ["proxyNetwork"],
    load: async () => (await import("./proxy_network.ts")).proxyNetworkPart,
  },
];

/**
 * All that the options add to a build.
 *
 * @throws {OptionError} if one of them can't be used
 */
export async function openParts(options: BuildOptions, scope: PartScope): Promise<BuildPart> {
  const parts: BuildPart[] = [];
  for (const { of, also, load } of PARTS) {
    const wanted = of.some((option) => options[option] !== undefined) || also?.(options);
    if (!wanted) continue;
    const make = await load();
    parts.push(await make(options, scope));
  }
  return mergeParts(parts);
}
