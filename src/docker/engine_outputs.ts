/** Outputs as the BuildKit inside an engine can make them: image goes to the engine's store (moby builder-next exporter). */
import { OptionError } from "../errors.ts";
import { isLoad, type PlannedOutput } from "../outputs.ts";
import type { BuildOptions, ImageFormat } from "../types.ts";
import type { Embedded } from "./embedded.ts";

/** What an engine's BuildKit can do. */
export interface EngineAbilities extends Pick<Embedded, "containerdStore" | "severalOutputs"> {
  readonly address: string;
}

/** What an image's output may say where the engine has its old store. */
const OLD_STORE_FIELDS = [
  ...["type", "attrs", "names", "load", "push", "insecure", "store", "unpack"],
  ...["nameCanonical", "danglingNamePrefix"],
];

const OTHER_BUILDER = "Use a BuildKit of its own, named by BUILDKIT_HOST or the address";
const OTHER_STORE = `${OTHER_BUILDER}, or turn on the engine's containerd image store`;

/**
 * The outputs in the engine's terms.
 *
 * @throws {OptionError} if it can't make one of them; it names the builders that can
 */
export function engineOutputs(
  outputs: readonly PlannedOutput[],
  { platforms = [], annotations }: BuildOptions,
  engine: EngineAbilities,
): PlannedOutput[] {
  if (new Set(platforms).size > 1 && !engine.containerdStore) {
    throw cannot("platforms", "an image for several platforms", engine, OTHER_STORE);
  }
  if (annotations !== undefined && !engine.containerdStore) {
    throw cannot("annotations", "an image with annotations", engine, OTHER_STORE);
  }
  if (outputs.length > 1 && !engine.severalOutputs) {
    throw cannot("output", "several outputs in one build", engine, OTHER_BUILDER);
  }
  return outputs.map((planned) => engineOutput(planned, engine));
}

function engineOutput(planned: PlannedOutput, engine: EngineAbilities): PlannedOutput {
  const { option, output, exporter } = planned;
  if (exporter === undefined) return planned;
  if (output.type === "image" || isLoad(output)) {
    if (!engine.containerdStore) checkOldStore(output, option, engine);
    const attrs = new Map(exporter.attrs);
    // Docker's old store pushes afterwards: see push.ts.
    if (!engine.containerdStore) attrs.delete("push");
    return { option, output, exporter: { type: "moby", attrs } };
  }
  const isImageArchive = output.type === "oci" || output.type === "docker";
  if (isImageArchive && !engine.containerdStore) {
    throw cannot(option, `the output type ${output.type}`, engine, OTHER_STORE);
  }
  return planned;
}

/** Docker's old store keeps what it needs of an image, and none of how it was packed. */
function checkOldStore(output: ImageFormat, option: string, engine: EngineAbilities): void {
  const field = Object.keys(output).find((name) => !OLD_STORE_FIELDS.includes(name));
  if (field !== undefined) {
    throw cannot(`${option}.${field}`, "an image with this choice", engine, OTHER_STORE);
  }
}

function cannot(
  option: string,
  what: string,
  { address }: EngineAbilities,
  instead: string,
): OptionError {
  return new OptionError(option, `the Docker engine at ${address} cannot make ${what}. ${instead}`);
}
