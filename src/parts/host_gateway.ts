/** `addHosts` with the address `host-gateway`: the machine of a Docker engine, which only the engine knows. */
import { isIP } from "node:net";
import { OptionError } from "../errors.ts";
import { hostAttrs, usesGateway } from "../frontend/hosts.ts";
import type { BuildOptions } from "../types.ts";
import type { BuildPart, PartBuilder } from "./part.ts";

/** Where an engine's BuildKit says it (moby daemon/internal/builder-next/worker/label). */
const LABEL = "org.mobyproject.buildkit.worker.moby.host-gateway-ip";

/** Puts the address in. The classic builder does it by itself. */
export function hostGatewayPart({ addHosts = {} }: BuildOptions): BuildPart {
  if (!usesGateway(addHosts)) return {};
  return {
    forBuilder({ kind, address, engine }: PartBuilder): BuildPart {
      if (kind === "classic") return {};
      const gateway = engine?.labels[LABEL] ?? "";
      // An engine without a network of its own says <nil>.
      if (isIP(gateway) !== 0) return { attrs: hostAttrs(addHosts, gateway) };
      throw new OptionError(
        "addHosts",
        engine === undefined
          ? `only a Docker engine knows an address for host-gateway, and the builder is ${address}. Give the address itself`
          : `the Docker engine at ${address} does not tell its address for host-gateway. Give the address itself`,
      );
    },
  };
}
