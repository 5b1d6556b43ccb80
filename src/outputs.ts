/** From the `output` option to exporters, and to what this side must do for them. */
import { fileURLToPath } from "node:url";
import { OptionError } from "./errors.ts";
import { normalizeReference } from "./frontend/reference.ts";
import type { ArchiveOutput, BuildOptions, ImageOutput, LocalOutput, Output } from "./types.ts";

/** One output with the exporter that makes it. */
export interface PlannedOutput {
  readonly output: Output;
  /** What the daemon is told; undefined for `cacheonly`, which is no exporter. */
  readonly exporter: { type: string; attrs: Map<string, string> } | undefined;
}

const TYPES: readonly Output["type"][] = ["image", "oci", "docker", "local", "tar", "cacheonly"];

/**
 * Plans the outputs of a build. Without `output` it is an image in the builder's store if there are tags, else nothing.
 *
 * @throws {OptionError} if an output can't be made as asked
 */
export function planOutputs(options: BuildOptions): PlannedOutput[] {
  const tags = (options.tags ?? []).map((tag, i) => normalizeReference(tag, `tags[${i}]`));
  const asked = options.output ?? (tags.length > 0 ? "image" : "cacheonly");
  const list = Array.isArray(asked) ? asked : [asked];
  return list.map((item, i) => {
    const option = Array.isArray(asked) ? `output[${i}]` : "output";
    return planOutput(expand(item, option), tags, option);
  });
}

function expand(item: Output | Output["type"], option: string): Output {
  const output = typeof item === "string" ? { type: item } as Output : item;
  if (!TYPES.includes(output?.type)) {
    throw new OptionError(
      option,
      `${JSON.stringify(output?.type)} is not an output type`,
      TYPES.join(", "),
    );
  }
  return output;
}

function planOutput(output: Output, tags: string[], option: string): PlannedOutput {
  switch (output.type) {
    case "cacheonly":
      return { output, exporter: undefined };
    case "image":
      return exporterOf(output, imageAttrs(output, tags, option));
    case "oci":
    case "docker":
      checkDest(output, option);
      return exporterOf(output, nameAttrs(output.names, tags, option));
    case "tar":
      checkDest(output, option);
      return exporterOf(output, {});
    case "local":
      checkDest(output, option);
      return exporterOf(output, {});
  }
}

function exporterOf(
  output: Exclude<Output, { type: "cacheonly" }>,
  attrs: Record<string, string>,
): PlannedOutput {
  return {
    output,
    exporter: { type: output.type, attrs: new Map(Object.entries({ ...attrs, ...output.attrs })) },
  };
}

function nameAttrs(
  names: string[] | undefined,
  tags: string[],
  option: string,
): Record<string, string> {
  const all = names?.map((name, i) => normalizeReference(name, `${option}.names[${i}]`)) ?? tags;
  return all.length === 0 ? {} : { name: all.join(",") };
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

function checkDest(output: ArchiveOutput | LocalOutput, option: string): void {
  const { dest } = output;
  const isStream = dest instanceof WritableStream;
  if (typeof dest !== "string" && !(dest instanceof URL) && !isStream || dest === "") {
    const example = output.type === "local" ? '"./out"' : `"./image.tar"`;
    throw new OptionError(
      `${option}.dest`,
      `${JSON.stringify(dest) ?? "missing"} is not a destination`,
      example,
    );
  }
  if (isStream && output.type === "local") {
    throw new OptionError(`${option}.dest`, "a folder can't go to a stream; use the type tar");
  }
}

/** A path option as a plain path. */
export function pathOf(value: string | URL): string {
  return typeof value === "string" ? value : fileURLToPath(value);
}
