/** From the fields of an image's output to attributes of its exporter (exporter/containerimage/exptypes/keys.go). */
import { OptionError } from "../errors.ts";
import { show } from "../options.ts";
import type { ImageFormat, ImageOutput } from "../types.ts";
import { needsIndex } from "./annotations.ts";

/** The highest level of each compression. */
const LEVELS: Readonly<Record<string, number | undefined>> = {
  uncompressed: undefined,
  gzip: 9,
  estargz: 9,
  zstd: 22,
};

/** What the builder uses where nothing is said. */
const DEFAULT_COMPRESSION = "gzip";

/** Compressions that Docker's own media types have no name for. */
const OCI_ONLY = ["estargz", "zstd"];

type Attrs = Record<string, string>;

/**
 * How an image is written, but for its names.
 *
 * @param annotations Attributes for all of the image's annotations.
 * @throws {OptionError} if a value, or two together, can't work
 */
export function formatAttrs(output: ImageFormat, annotations: Attrs, option: string): Attrs {
  const { ociMediaTypes, ociArtifact } = output;
  const attrs = {
    ...compressionAttrs(output, option),
    ...switchAttr("oci-mediatypes", ociMediaTypes, `${option}.ociMediaTypes`),
    ...switchAttr("oci-artifact", ociArtifact, `${option}.ociArtifact`),
    ...switchAttr("rewrite-timestamp", output.rewriteTimestamp, `${option}.rewriteTimestamp`),
    ...annotations,
  };
  if (ociMediaTypes === false) checkDockerTypes(output, attrs, option);
  return attrs;
}

/**
 * What an image in a store or a registry may say besides.
 *
 * @throws {OptionError} if a value can't be used
 */
export function storeAttrs(output: ImageOutput, option: string): Attrs {
  const { danglingNamePrefix: prefix } = output;
  if (prefix !== undefined && (typeof prefix !== "string" || !/^[^\s,@]+$/.test(prefix))) {
    throw new OptionError(
      `${option}.danglingNamePrefix`,
      `${show(prefix)} is not the beginning of a name`,
      '"app"',
    );
  }
  return {
    ...switchAttr("push", output.push || undefined, `${option}.push`),
    ...switchAttr("push-by-digest", output.pushByDigest || undefined, `${option}.pushByDigest`),
    ...switchAttr("registry.insecure", output.insecure || undefined, `${option}.insecure`),
    ...switchAttr("store", output.store, `${option}.store`),
    ...switchAttr("unpack", output.unpack, `${option}.unpack`),
    ...switchAttr("name-canonical", output.nameCanonical, `${option}.nameCanonical`),
    ...(prefix !== undefined && { "dangling-name-prefix": prefix }),
  };
}

/**
 * A field that is on or off, as an attribute; nothing if it is neither.
 *
 * @throws {OptionError} if it is anything else
 */
export function switchAttr(attr: string, value: unknown, option: string): Attrs {
  if (value === undefined) return {};
  if (typeof value === "boolean") return { [attr]: String(value) };
  throw new OptionError(option, `${show(value)} is neither true nor false`);
}

function compressionAttrs(output: ImageFormat, option: string): Attrs {
  const { compression, compressionLevel: level, forceCompression } = output;
  if (compression !== undefined && !Object.hasOwn(LEVELS, compression)) {
    throw new OptionError(
      `${option}.compression`,
      `${show(compression)} is not a compression; there are ${Object.keys(LEVELS).join(", ")}`,
    );
  }
  if (level !== undefined) checkLevel(level, compression, `${option}.compressionLevel`);
  return {
    ...(compression !== undefined && { compression }),
    ...(level !== undefined && { "compression-level": String(level) }),
    ...switchAttr("force-compression", forceCompression, `${option}.forceCompression`),
  };
}

function checkLevel(level: unknown, compression = DEFAULT_COMPRESSION, option: string): void {
  const highest = LEVELS[compression];
  if (highest === undefined) {
    throw new OptionError(option, `the compression ${compression} has no levels`);
  }
  const fits = typeof level === "number" && Number.isInteger(level) && level >= 0 &&
    level <= highest;
  if (fits) return;
  throw new OptionError(option, `${show(level)} is not a level of ${compression}: 0 to ${highest}`);
}

function checkDockerTypes(output: ImageFormat, attrs: Attrs, option: string): void {
  const { compression, ociArtifact } = output;
  const conflict = OCI_ONLY.includes(compression ?? "")
    ? `the compression ${compression}`
    : ociArtifact === true
    ? "ociArtifact"
    : needsIndex(attrs) || Object.keys(attrs).some((name) => /^annotation-\S+-desc/.test(name))
    ? "an annotation on an index or a descriptor"
    : undefined;
  if (conflict === undefined) return;
  throw new OptionError(
    `${option}.ociMediaTypes`,
    `Docker's media types can't be used with ${conflict}; leave it out`,
  );
}
