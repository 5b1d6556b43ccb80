/** `proxyNetwork`: what `RUN` loads goes through a recording proxy of the builder. */
import type { BuildOptions } from "../types.ts";
import type { BuildPart } from "./part.ts";

/** Asks for the proxy. Builders before v0.31 do not know the question. */
export function proxyNetworkPart({ proxyNetwork = false }: BuildOptions): BuildPart {
  return proxyNetwork ? { request: { proxyNetwork } } : {};
}
