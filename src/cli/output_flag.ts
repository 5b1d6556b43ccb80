/** `--output`, in buildx's grammar. */
import type { ArchiveOutput, ImageOutput, Output } from "../types.ts";
import { isLoad } from "../outputs.ts";
import { csvFields } from "./csv_fields.ts";
import { cutPair } from "./key_value_flag.ts";
import { outputFields, outputSwitch } from "./output_fields.ts";
import { UsageError } from "./usage_error.ts";

/** Standard output, as far as outputs are concerned. */
export interface StdoutTarget {
  readonly isTerminal: boolean;
  /** Opens it as the target of one output. */
  open(): WritableStream<Uint8Array>;
}

/** One flag, taken apart. */
interface Spec {
  /** As the user wrote it, for messages. */
  readonly text: string;
  readonly type: string;
  /** What is not used yet. */
  readonly attrs: Map<string, string>;
}

const TYPES = ["image", "registry", "local", "tar", "oci", "docker", "cacheonly"];

/**
 * The outputs of `-o`: `type=TYPE,key=value,...`, a folder's path alone (`local`) or `-` (`tar` to stdout). Keys without a
 * meaning here go to the exporter as they are. `push` and `load` are the switches of these names. Throws a `UsageError`.
 */
export function parseOutputs(
  items: readonly string[],
  options: { push: boolean; load?: boolean; stdout: StdoutTarget },
): Output[] {
  const specs = items.map(parseSpec);
  if (specs.filter(usesStdout).length > 1) {
    throw new UsageError("only one --output can go to stdout", "Give the others a dest=FILE");
  }
  const outputs = specs.map((spec) => toOutput(spec, options.stdout));
  if (options.load && !outputs.some(isLoad)) outputs.push({ type: "docker", load: true });
  if (!options.push) return outputs;
  const images = outputs.filter((output) => output.type === "image");
  if (images.length === 0) return [...outputs, { type: "image", push: true, unpack: false }];
  for (const image of images) {
    image.push = true;
    // What is on its way to a registry need not be unpacked for containers.
    image.unpack ??= false;
  }
  return outputs;
}

function parseSpec(text: string): Spec {
  const fields = csvFields("--output", text);
  if (fields.length === 1 && !text.startsWith("type=")) {
    if (text === "") throw new UsageError("--output is empty", "Write -o FOLDER or -o type=...");
    const type = text === "-" ? "tar" : "local";
    return { text, type, attrs: new Map([["dest", text]]) };
  }
  const attrs = new Map<string, string>();
  for (const field of fields) {
    const { key, value } = cutPair(field);
    if (value === undefined) {
      throw new UsageError(
        `--output "${text}": "${field}" is not KEY=VALUE`,
        'Quote a field that holds a comma, for example type=image,"name=a,b"',
      );
    }
    attrs.set(key.trim().toLowerCase(), value);
  }
  const type = take(attrs, "type");
  if (type === undefined || !TYPES.includes(type)) {
    const problem = type === undefined ? "has no type" : `has the unknown type "${type}"`;
    throw new UsageError(`--output "${text}" ${problem}`, `Types are ${TYPES.join(", ")}`);
  }
  return { text, type, attrs };
}

function usesStdout({ type, attrs }: Spec): boolean {
  // Without a dest, an image for Docker goes to Docker.
  return isArchive(type) && (attrs.get("dest") ?? (type === "docker" ? "" : "-")) === "-";
}

function isArchive(type: string): type is ArchiveOutput["type"] {
  return type === "tar" || type === "oci" || type === "docker";
}

function toOutput(spec: Spec, stdout: StdoutTarget): Output {
  const { type } = spec;
  if (isArchive(type)) return archive(spec, type, stdout);
  if (type === "local") return local(spec);
  if (spec.attrs.has("dest")) {
    throw new UsageError(`--output "${spec.text}": type ${type} takes no dest`);
  }
  return type === "cacheonly" ? { type } : image(spec);
}

function image(spec: Spec): ImageOutput {
  const isRegistry = spec.type === "registry";
  const push = flag(spec, "push") ?? (isRegistry ? true : undefined);
  const unpack = flag(spec, "unpack") ?? (isRegistry ? false : undefined);
  return {
    type: "image",
    ...names(spec),
    ...(push !== undefined && { push }),
    ...(unpack !== undefined && { unpack }),
    ...takeFields(spec, "image"),
    ...rest(spec),
  };
}

function local(spec: Spec): Output {
  const dest = take(spec.attrs, "dest");
  if (!dest) {
    throw new UsageError(`--output "${spec.text}" has no dest`, "Write type=local,dest=FOLDER");
  }
  return { type: "local", dest, ...takeFields(spec, "local"), ...rest(spec) };
}

function archive(spec: Spec, type: ArchiveOutput["type"], stdout: StdoutTarget): Output {
  const { text, attrs } = spec;
  const dest = take(attrs, "dest");
  const isLayout = flag(spec, "tar") === false && type !== "tar";
  const written = { ...names(spec), ...takeFields(spec, type), ...rest(spec) };
  if (isLayout) {
    if (dest && dest !== "-") return { type, tar: false, dest, ...written };
    throw new UsageError(
      `--output "${text}" has no folder as dest`,
      `Write type=${type},tar=false,dest=FOLDER`,
    );
  }
  if (type === "docker" && dest === undefined) return { type, load: true, ...written };
  if (dest === "") throw new UsageError(`--output "${text}": dest is empty`);
  if (dest !== undefined && dest !== "-") return { type, dest, ...written };
  if (stdout.isTerminal) {
    throw new UsageError(
      `--output "${text}" would write an archive to the terminal`,
      "Give it a dest=FILE, or redirect stdout",
    );
  }
  return { type, dest: stdout.open(), ...written };
}

/** `name` holds a list; without a value it says nothing. */
function names({ attrs }: Spec): { names?: string[] } {
  const name = take(attrs, "name");
  return name ? { names: name.split(",") } : {};
}

function rest({ attrs }: Spec): { attrs?: Record<string, string> } {
  return attrs.size === 0 ? {} : { attrs: Object.fromEntries(attrs) };
}

function flag(spec: Spec, key: string): boolean | undefined {
  const value = take(spec.attrs, key);
  return value === undefined ? undefined : outputSwitch(`--output "${spec.text}"`, key, value);
}

function takeFields({ text, attrs }: Spec, type: Output["type"]): Record<string, unknown> {
  return outputFields(type, attrs, `--output "${text}"`);
}

function take(attrs: Map<string, string>, key: string): string | undefined {
  const value = attrs.get(key);
  attrs.delete(key);
  return value;
}
