/** `output` as a function: it chooses the outputs when the result is there. */
import { OptionError, UnsupportedError } from "../errors.ts";
import type { ExporterRequest } from "../gen/exporter.ts";
import { planOutputs } from "../outputs.ts";
import type { BuildOptions, BuiltResult, ImageOutput, OutputResult } from "../types.ts";
import { needsVersion } from "./needs_version.ts";
import type { BuildPart } from "./part.ts";

/** The first minor version that asks. */
const SINCE = 21;

/** Has the daemon ask. Other values of `output` need nothing of this. */
export async function outputFunctionPart(options: BuildOptions): Promise<BuildPart> {
  const { output } = options;
  if (typeof output !== "function") return {};
  const { exporterHandlers } = await import("../session/exporter.ts");
  let chosen: readonly OutputResult[] | undefined;
  return {
    request: { enableSessionExporter: true },
    handlers: exporterHandlers(async (result: BuiltResult) => {
      const exporters = exportersOf(await output(result), options);
      chosen = exporters.map(() => ({ type: "image" }));
      return exporters;
    }),
    outputs: () => chosen ?? [],
    async forBuilder(builder) {
      const { kind, address } = builder;
      if (kind === "standalone") {
        await needsVersion(builder, SINCE, "a function as output");
        return {};
      }
      throw new OptionError(
        "output",
        `the builder of the Docker engine at ${address} can't ask a function. Use a BuildKit of its own, named by BUILDKIT_HOST or the address`,
      );
    },
    commit() {
      if (chosen !== undefined) return Promise.resolve();
      const problem = "The builder did not ask the function in output, and kept no result";
      throw new UnsupportedError(
        "session.exporter",
        `${problem}. Use BuildKit v0.${SINCE} or later`,
      );
    },
  };
}

/** The exporters of the outputs; throws an `OptionError` for what can't be chosen. */
function exportersOf(outputs: ImageOutput[], options: BuildOptions): ExporterRequest[] {
  if (!Array.isArray(outputs)) throw new OptionError("output", "its answer is no list");
  return planOutputs({ ...options, output: outputs }).map(({ output, exporter, option }) => {
    if (output.type === "image" && exporter !== undefined) return exporter;
    throw new OptionError(option, `a function can choose images, not ${output.type}`);
  });
}
