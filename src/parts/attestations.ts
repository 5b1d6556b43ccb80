/** `provenance`, `sbom` and `attestations`. */
import { OptionError } from "../errors.ts";
import { attestationAttrs } from "../outputs/attestations.ts";
import type { BuildOptions } from "../types.ts";
import { needsVersion } from "./needs_version.ts";
import type { BuildPart, PartBuilder } from "./part.ts";

/** The first minor version that attests. */
const SINCE = 11;

/** The first minor version that writes SLSA v1. */
const SLSA_V1_SINCE = 23;

/** Asks the builder to attest. Docker's old image store has no place for it. */
export function attestationsPart(options: BuildOptions): BuildPart {
  const { attrs, optional } = attestationAttrs(options);
  const [first] = Object.keys(attrs);
  if (first === undefined) return {};
  return {
    async forBuilder(builder: PartBuilder): Promise<BuildPart> {
      const { kind, address, engine } = builder;
      const option = first.slice("attest:".length);
      // The classic builder says no by itself where it has to.
      if (kind === "classic") return {};
      if (engine?.containerdStore !== false) {
        // What is optional, older builders may pass over.
        if (!optional) await needsVersion(builder, SINCE, option);
        // They would write v0.2.
        if (/(?:^|,)version=v1(?:,|$)/.test(attrs["attest:provenance"] ?? "")) {
          await needsVersion(builder, SLSA_V1_SINCE, "provenance.version v1");
        }
        return { attrs };
      }
      if (optional) return {};
      throw new OptionError(
        option,
        `the Docker engine at ${address} cannot attest anything. Turn on its containerd image store, or use a ` +
          "BuildKit of its own, named by BUILDKIT_HOST or the address",
      );
    },
  };
}
