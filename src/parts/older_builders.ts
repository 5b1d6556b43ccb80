/** Options that are not a part's own, and that older builders would pass over in silence. */
import type { BuildOptions, ImageFormat, LocalOutput, Output } from "../types.ts";
import { needsVersion } from "./needs_version.ts";
import type { BuildPart, PartBuilder } from "./part.ts";

/** What can be asked for, the first minor version that knows it, and whether it is asked for. */
const SINCE: readonly [what: string, minor: number, (options: BuildOptions) => boolean][] = [
  ["shmSize", 10, ({ shmSize }) => shmSize !== undefined],
  ["ulimits", 10, ({ ulimits }) => ulimits !== undefined],
  ["cgroupParent", 10, ({ cgroupParent }) => cgroupParent !== undefined],
  ["annotations", 11, ({ annotations }) => annotations !== undefined],
  ["output.annotations", 11, some<ImageFormat>(({ annotations }) => annotations !== undefined)],
  ["sourceDateEpoch", 11, ({ sourceDateEpoch }) => sourceDateEpoch !== undefined],
  ["output.rewriteTimestamp", 13, some<ImageFormat>(({ rewriteTimestamp }) => !!rewriteTimestamp)],
  ["output.ociArtifact", 19, some<ImageFormat>(({ ociArtifact }) => !!ociArtifact)],
  ["output.mode", 31, some<LocalOutput>(({ mode }) => mode === "delete")],
];

/** The first minor version that makes several outputs of one build. */
const SEVERAL_SINCE = 13;

function some<T extends object>(is: (output: T) => boolean): (options: BuildOptions) => boolean {
  return ({ output }) => outputs(output).some((item) => typeof item === "object" && is(item as T));
}

function outputs(output: BuildOptions["output"]): readonly (Output | Output["type"])[] {
  if (output === undefined || typeof output === "function") return [];
  return Array.isArray(output) ? output : [output as Output];
}

/** Says no to builders that are too old. */
export function olderBuildersPart(options: BuildOptions): BuildPart {
  const wanted = SINCE.filter(([, , asks]) => asks(options));
  const several = outputs(options.output).filter((item) => item !== "cacheonly").length > 1;
  if (wanted.length === 0 && !several) return {};
  return {
    async forBuilder(builder: PartBuilder): Promise<BuildPart> {
      for (const [what, minor] of wanted) await needsVersion(builder, minor, what);
      // Of engines it is known without their version, and said with what else they can't do.
      if (several && builder.kind === "standalone") {
        await needsVersion(builder, SEVERAL_SINCE, "a list of outputs");
      }
      return {};
    },
  };
}
