import type { BuildOptions } from "../types.ts";
import type { BuildCommandLine } from "./build_options.ts";
import type { Io } from "./io.ts";

/** Names a file of rules, as for buildx. */
const POLICY_VARIABLE = "EXPERIMENTAL_BUILDKIT_SOURCE_POLICY";

/** From what is said about sources and registries. Throws a `UsageError`. */
export async function registryOptions(
  flags: BuildCommandLine["flags"],
  io: Io,
): Promise<Pick<BuildOptions, "registryTls" | "sourcePolicy">> {
  const flag = flags["source-policy-file"] ? "--source-policy-file" : POLICY_VARIABLE;
  const path = flags["source-policy-file"] || io.env(POLICY_VARIABLE);
  const contexts = flags["registry-auth-tlscontext"];
  return {
    ...(path && {
      sourcePolicy: await (await import("./source_policy_flag.ts")).readSourcePolicy(flag, path),
    }),
    ...(contexts.length > 0 && {
      registryTls: (await import("./registry_tls_flag.ts")).parseRegistryTls(contexts),
    }),
  };
}
