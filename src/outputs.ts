/** From the `output` option to exporters, and to what this side must do for them. */
import { fileURLToPath } from "node:url";
import { OptionError } from "./errors.ts";
import { normalizeReference } from "./frontend/reference.ts";
import { refuseUnknown, show } from "./options.ts";
import type {
  ArchiveOutput,
  BuildOptions,
  ImageOutput,
  LayoutOutput,
  LoadOutput,
  LocalOutput,
  Output,
} from "./types.ts";

/** One output with the exporter that makes it. */
export interface PlannedOutput {
  /** The option's name, for messages. */
  readonly option: string;
  readonly output: Output;
  /** What the daemon is told; undefined for `cacheonly`, which is no exporter. */
  readonly exporter: { type: string; attrs: Map<string, string> } | undefined;
}

/** The types and the fields that each may have. */
const FIELDS: Readonly<Record<Output["type"], readonly string[]>> = {
  image: ["type", "attrs", "names", "push", "insecure"],
  oci: ["type", "attrs", "names", "dest"],
  docker: ["type", "attrs", "names", "dest", "load"],
  local: ["type", "attrs", "dest"],
  tar: ["type", "attrs", "dest"],
  cacheonly: ["type"],
};

/**
 * Plans the outputs of a build. Without `output` it is an image in the builder's store if there are tags, else nothing.
 *
 * @throws {OptionError} if an output can't be made as asked
 */
export function planOutputs(options: BuildOptions): PlannedOutput[] {
  const tags = normalizeNames(options.tags ?? [], "tags");
  const asked = options.output ?? (tags.length > 0 ? "image" : "cacheonly");
  if (typeof asked === "function") {
    throw new OptionError("output", "functions are not supported yet");
  }
  const list = Array.isArray(asked) ? asked : [asked];
  return list.map((item, i) => {
    const option = Array.isArray(asked) ? `output[${i}]` : "output";
    return planOutput(expand(item, option), tags, option);
  });
}

function expand(item: Output | Output["type"], option: string): Output {
  const output = typeof item === "string" ? { type: item } as Output : item;
  const fields = Object.hasOwn(FIELDS, output?.type) ? FIELDS[output.type] : undefined;
  if (fields === undefined) {
    const types = Object.keys(FIELDS).join(", ");
    throw new OptionError(option, `${show(output?.type)} is not an output type`, types);
  }
  refuseUnknown(output, fields, option);
  return output;
}

function planOutput(output: Output, tags: string[], option: string): PlannedOutput {
  switch (output.type) {
    case "cacheonly":
      return { option, output, exporter: undefined };
    case "image":
      return exporterOf(output, imageAttrs(output, tags, option), option);
    case "oci":
    case "docker":
      if ("tar" in output) throw new OptionError(`${option}.tar`, "it is not supported yet");
      if (!isLoad(output)) checkDest(output, option);
      else if ("dest" in output) {
        throw new OptionError(option, "it has a dest and load, but one image goes to one place");
      }
      return exporterOf(output, nameAttrs(output.names, tags, option), option);
    case "tar":
      checkDest(output, option);
      return exporterOf(output, {}, option);
    case "local":
      checkDest(output, option);
      return exporterOf(output, {}, option);
  }
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
  return {
    option,
    output,
    exporter: { type: output.type, attrs: new Map(Object.entries({ ...attrs, ...output.attrs })) },
  };
}

function nameAttrs(
  names: string[] | undefined,
  tags: string[],
  option: string,
): Record<string, string> {
  const all = names === undefined ? tags : normalizeNames(names, `${option}.names`);
  return all.length === 0 ? {} : { name: all.join(",") };
}

function normalizeNames(names: readonly string[], option: string): string[] {
  return names.map((name, i) => {
    const full = normalizeReference(name, `${option}[${i}]`);
    if (!full.includes("@")) return full;
    throw new OptionError(`${option}[${i}]`, `"${name}": a name to build can't have a digest`);
  });
}

function imageAttrs(output: ImageOutput, tags: string[], option: string): Record<string, string> {
  const names = nameAttrs(output.names, tags, option);
  if (output.push === true && names.name === undefined && output.attrs?.name === undefined) {
    throw new OptionError(
      `${option}.push`,
      "there is no name to push to; give tags",
      'tags: ["registry.example/app:1"]',
    );
  }
  return {
    ...names,
    ...(output.push === true && { push: "true" }),
    ...(output.insecure === true && { "registry.insecure": "true" }),
  };
}

function checkDest(output: ArchiveOutput | LayoutOutput | LocalOutput, option: string): void {
  const { dest } = output;
  const isStream = dest instanceof WritableStream;
  if (typeof dest !== "string" && !(dest instanceof URL) && !isStream || dest === "") {
    const example = output.type === "local" ? '"./out"' : `"./image.tar"`;
    throw new OptionError(
      `${option}.dest`,
      dest === undefined ? "it is missing" : `${show(dest)} is not a destination`,
      example,
    );
  }
  if (!isStream) pathOf(dest, `${option}.dest`);
  else if (output.type === "local") {
    throw new OptionError(`${option}.dest`, "a folder can't go to a stream; use the type tar");
  }
}

/**
 * A path option as a plain path.
 *
 * @throws {OptionError} if it is neither a path nor a file: URL
 */
export function pathOf(value: string | URL, option: string): string {
  if (typeof value === "string" && !value.includes("\0")) return value;
  if (value instanceof URL && value.protocol === "file:") return fileURLToPath(value);
  throw new OptionError(option, `${show(value)} is not a path on this machine`, '"./app"');
}
