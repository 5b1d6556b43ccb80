/** From the `output` option to exporters, and to what this side must do for them. */
import { OptionError } from "./errors.ts";
import type { SolveRequest } from "./gen/control.ts";
import { refuseUnknown, show } from "./options.ts";
import { builtin } from "./runtime/builtin.ts";
import { annotationsOf } from "./outputs/annotations.ts";
import { OUTPUT_FIELDS } from "./outputs/fields.ts";
import { formatAttrs, storeAttrs, switchAttr } from "./outputs/image_attrs.ts";
import { normalizeNames, untaggedNames } from "./outputs/image_names.ts";
import type {
  ArchiveOutput,
  BuildOptions,
  ImageFormat,
  ImageOutput,
  LayoutOutput,
  LoadOutput,
  LocalOutput,
  Output,
} from "./types.ts";
import { isWritableStream } from "./runtime/streams.ts";

/** One output with the exporter that makes it. */
export interface PlannedOutput {
  /** The option's name, for messages. */
  readonly option: string;
  readonly output: Output;
  /** What the daemon is told; undefined for `cacheonly`, which is no exporter. */
  readonly exporter: { type: string; attrs: Map<string, string> } | undefined;
}

/**
 * Plans the outputs of a build. Without `output` it is an image in the builder's store if there are tags, else nothing; a
 * function's are not known yet.
 *
 * @throws {OptionError} if an output can't be made as asked
 */
export function planOutputs(options: BuildOptions): PlannedOutput[] {
  const { tags = [] } = options;
  normalizeNames(tags, "tags");
  annotationsOf({}, options, "output");
  const asked = options.output ?? (tags.length > 0 ? "image" : "cacheonly");
  // It is asked later, by the daemon (parts/output_function.ts).
  if (typeof asked === "function") return [];
  const list = Array.isArray(asked) ? asked : [asked];
  const planned = list.map((item, i) => {
    const option = Array.isArray(asked) ? `output[${i}]` : "output";
    return planOutput(expand(item, option), options, option);
  });
  const [, second] = planned.filter(({ output }) => isLayout(output));
  if (second === undefined) return planned;
  throw new OptionError(second.option, "a build can write one OCI layout only; build it twice");
}

function expand(item: Output | Output["type"], option: string): Output {
  const output = typeof item === "string" ? { type: item } as Output : item;
  const fields = Object.hasOwn(OUTPUT_FIELDS, output?.type)
    ? OUTPUT_FIELDS[output.type]
    : undefined;
  if (fields === undefined) {
    const types = Object.keys(OUTPUT_FIELDS).join(", ");
    throw new OptionError(option, `${show(output?.type)} is not an output type`, types);
  }
  refuseUnknown(output, fields, option);
  return output;
}

function planOutput(output: Output, options: BuildOptions, option: string): PlannedOutput {
  switch (output.type) {
    case "cacheonly":
      return { option, output, exporter: undefined };
    case "image":
      return exporterOf(output, imageAttrs(output, options, option), option);
    case "oci":
    case "docker":
      if (!isLoad(output)) checkDest(output, option);
      else if ("dest" in output) {
        throw new OptionError(option, "it has a dest and load, but one image goes to one place");
      }
      return exporterOf(output, {
        ...(isLayout(output) && { tar: "false" }),
        ...nameAttrs(namesOf(output, options, option)),
        ...formatAttrs(output, annotationsOf(output, options, option), option),
      }, option);
    case "tar":
    case "local":
      checkDest(output, option);
      return exporterOf(output, folderAttrs(output, option), option);
  }
}

/** Whether an output is a folder of blobs. */
export function isLayout(output: Output): output is LayoutOutput {
  return (output.type === "oci" || output.type === "docker") && "tar" in output &&
    output.tar === false;
}

/** Whether an output goes into a Docker engine's store. */
export function isLoad(output: Output): output is LoadOutput {
  return output.type === "docker" && "load" in output && output.load === true;
}

function exporterOf(
  output: Exclude<Output, { type: "cacheonly" }>,
  attrs: Record<string, string>,
  option: string,
): PlannedOutput {
  const raw = Object.entries(output.attrs ?? {});
  const wrong = raw.find(([, value]) => typeof value !== "string");
  if (wrong !== undefined) {
    throw new OptionError(`${option}.attrs.${wrong[0]}`, `${show(wrong[1])} is not a string`);
  }
  return {
    option,
    output,
    exporter: { type: output.type, attrs: new Map([...Object.entries(attrs), ...raw]) },
  };
}

function imageAttrs(
  output: ImageOutput,
  options: BuildOptions,
  option: string,
): Record<string, string> {
  if (output.pushByDigest === true && output.push !== true) {
    throw new OptionError(`${option}.pushByDigest`, "it says how to push, but push is not set");
  }
  const normalize = output.pushByDigest === true ? untaggedNames : normalizeNames;
  const names = nameAttrs(namesOf(output, options, option, normalize));
  if (output.push === true && names.name === undefined && output.attrs?.name === undefined) {
    throw new OptionError(
      `${option}.push`,
      "there is no name to push to; give tags",
      'tags: ["registry.example/app:1"]',
    );
  }
  return {
    ...names,
    ...storeAttrs(output, option),
    ...formatAttrs(output, annotationsOf(output, options, option), option),
  };
}

function nameAttrs(names: readonly string[]): Record<string, string> {
  return names.length === 0 ? {} : { name: names.join(",") };
}

function namesOf(
  { names }: ImageFormat,
  { tags = [] }: BuildOptions,
  option: string,
  normalize = normalizeNames,
): string[] {
  return names === undefined ? normalize(tags, "tags") : normalize(names, `${option}.names`);
}

function folderAttrs(
  output: ArchiveOutput | LocalOutput,
  option: string,
): Record<string, string> {
  const split = switchAttr("platform-split", output.platformSplit, `${option}.platformSplit`);
  if (output.type !== "local") return split;
  if (output.privileged !== undefined && typeof output.privileged !== "boolean") {
    throw new OptionError(
      `${option}.privileged`,
      `${show(output.privileged)} is not true or false`,
    );
  }
  if (output.mode === undefined) return split;
  if (output.mode === "copy" || output.mode === "delete") return { mode: output.mode, ...split };
  throw new OptionError(`${option}.mode`, `${show(output.mode)} is not a mode`, '"delete"');
}

function checkDest(output: ArchiveOutput | LayoutOutput | LocalOutput, option: string): void {
  const { dest } = output;
  const isStream = isWritableStream(dest);
  if (typeof dest !== "string" && !(dest instanceof URL) && !isStream || dest === "") {
    const example = output.type === "local" || isLayout(output) ? '"./out"' : `"./image.tar"`;
    throw new OptionError(
      `${option}.dest`,
      dest === undefined ? "it is missing" : `${show(dest)} is not a destination`,
      example,
    );
  }
  if (!isStream) pathOf(dest, `${option}.dest`);
  else if (output.type === "local" || isLayout(output)) {
    const instead = isLayout(output) ? "leave out tar: false" : "use the type tar";
    throw new OptionError(`${option}.dest`, `a folder can't go to a stream; ${instead}`);
  }
}

/**
 * A path option as a plain path.
 *
 * @throws {OptionError} if it is neither a path nor a file: URL
 */
export function pathOf(value: string | URL, option: string): string {
  if (typeof value === "string" && !value.includes("\0")) return value;
  if (value instanceof URL && value.protocol === "file:") {
    return builtin("url").fileURLToPath(value);
  }
  throw new OptionError(option, `${show(value)} is not a path on this machine`, '"./app"');
}

/** The fields of a request that say what to make. Daemons before v0.13 know one exporter only, in fields of its own. */
export function exporterFields(outputs: readonly PlannedOutput[]): Partial<SolveRequest> {
  const list = outputs.flatMap(({ exporter }) => exporter === undefined ? [] : [exporter]);
  const [first] = list;
  if (first === undefined) return {};
  return { exporters: list, exporterDeprecated: first.type, exporterAttrsDeprecated: first.attrs };
}
