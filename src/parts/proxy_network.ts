/** `proxyNetwork`: what `RUN` loads goes through a recording proxy of the builder. */
import type { BuildOptions } from "../types.ts";
import { needsVersion } from "./needs_version.ts";
import type { BuildPart, PartBuilder } from "./part.ts";

/** The first minor version that knows it. */
const SINCE = 31;

/** Asks for the proxy. */
export function proxyNetworkPart({ proxyNetwork = false }: BuildOptions): BuildPart {
  if (!proxyNetwork) return {};
  return {
    request: { proxyNetwork },
    async forBuilder(builder: PartBuilder): Promise<BuildPart> {
      await needsVersion(builder, SINCE, "proxyNetwork");
      return {};
    },
  };
}
