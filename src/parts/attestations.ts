/** `provenance`, `sbom` and `attestations`. */
import { OptionError } from "../errors.ts";
import { attestationAttrs } from "../outputs/attestations.ts";
import type { BuildOptions } from "../types.ts";
import type { BuildPart, PartBuilder } from "./part.ts";

/** Asks the builder to attest. Docker's old image store has no place for it. */
export function attestationsPart(options: BuildOptions): BuildPart {
  const { attrs, optional } = attestationAttrs(options);
  const [first] = Object.keys(attrs);
  if (first === undefined) return {};
  return {
    forBuilder({ kind, address, engine }: PartBuilder): BuildPart {
      // The classic builder has said no where it had to.
      if (kind !== "classic" && engine?.containerdStore !== false) return { attrs };
      if (optional || kind === "classic") return {};
      throw new OptionError(
        first.slice("attest:".length),
        `the Docker engine at ${address} cannot attest anything. Turn on its containerd image store, or use a ` +
          "BuildKit of its own, named by BUILDKIT_HOST or the address",
      );
    },
  };
}
