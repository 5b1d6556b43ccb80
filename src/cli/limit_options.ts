import type { BuildOptions, Output } from "../types.ts";
import type { BuildCommandLine } from "./build_options.ts";

/** From the flags about what steps may do, and what this side may remove. Throws a `UsageError`. */
export async function limitOptions(
  flags: BuildCommandLine["flags"],
  outputs: readonly Output[],
): Promise<Pick<BuildOptions, "allow" | "resources" | "proxyNetwork">> {
  const allow = await granted(flags.allow, outputs);
  return {
    ...(allow.length > 0 && { allow }),
    ...(flags.resource.length > 0 && {
      resources: (await import("./resource_flag.ts")).parseResources(flags.resource),
    }),
    ...(flags["proxy-network"] && { proxyNetwork: true }),
  };
}

async function granted(items: readonly string[], outputs: readonly Output[]): Promise<string[]> {
  if (items.length === 0 && !outputs.some(({ type }) => type === "local")) return [];
  const { allow, localDelete } = (await import("./allow_flag.ts")).parseAllow(items);
  (await import("./local_delete.ts")).checkLocalDelete(outputs, localDelete);
  return allow;
}
