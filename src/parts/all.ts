/** The parts of a build: which options bring which. Each is loaded when one of its options is set. */
import { OptionError } from "../errors.ts";
import type { BuildOptions } from "../types.ts";
import { type BuildPart, type MakePart, mergeParts, type PartScope } from "./part.ts";

const NOT_YET: MakePart = () => {
  throw new OptionError("options", "not supported yet");
};

/** Each part with its options. */
const PARTS: readonly {
  readonly of: readonly (keyof BuildOptions)[];
  readonly load: () => Promise<MakePart> | MakePart;
}[] = [
  { of: ["contexts"], load: () => NOT_YET },
  { of: ["vcs"], load: () => NOT_YET },
  { of: ["secrets"], load: () => NOT_YET },
  { of: ["ssh"], load: () => NOT_YET },
  { of: ["cacheFrom", "cacheTo"], load: () => NOT_YET },
  { of: ["resources"], load: () => NOT_YET },
  { of: ["allow"], load: () => NOT_YET },
  { of: ["provenance", "sbom", "attestations"], load: () => NOT_YET },
  { of: ["annotations"], load: () => NOT_YET },
  { of: ["sourceDateEpoch"], load: () => NOT_YET },
  { of: ["sourcePolicy"], load: () => NOT_YET },
  { of: ["proxyNetwork"], load: () => NOT_YET },
  { of: ["registryTls"], load: () => NOT_YET },
];

/**
 * All that the options add to a build.
 *
 * @throws {OptionError} if one of them can't be used
 */
export async function openParts(options: BuildOptions, scope: PartScope): Promise<BuildPart> {
  const parts: BuildPart[] = [];
  for (const { of, load } of PARTS) {
    if (of.every((option) => options[option] === undefined)) continue;
    const make = await load();
    parts.push(await make(options, scope));
  }
  return mergeParts(parts);
}
