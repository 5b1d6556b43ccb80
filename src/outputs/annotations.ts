/** Annotations of images, as attributes of their exporters (exporter/containerimage/exptypes, buildx buildflags). */
import { OptionError } from "../errors.ts";
import { normalizePlatform } from "../frontend/platform.ts";
import { nearest } from "../nearest.ts";
import type { BuildOptions, ImageFormat } from "../types.ts";
import { attestationAttrs } from "./attestations.ts";

/** What an annotation can be on. */
const LEVELS = ["manifest", "index", "manifest-descriptor", "index-descriptor"];

const LEVEL_REGEXP = /^([a-z-]+)(?:\[([A-Za-z0-9_/-]+)\])?$/;
const EXAMPLE = '{ "manifest[linux/amd64]:org.opencontainers.image.title": "App" }';

/** The levels that only an index has. */
const INDEX_REGEXP = /^annotation-index(?:-descriptor)?\./;

/**
 * The attributes for the build's annotations, and over them those of an output.
 *
 * @throws {OptionError} if one can't be used, or is for an index and there will be none
 */
export function annotationsOf(
  { annotations = {} }: ImageFormat,
  options: BuildOptions,
  option: string,
): Record<string, string> {
  const platforms = options.platforms?.map((name, i) => normalizePlatform(name, `platforms[${i}]`));
  const common = annotationAttrs(options.annotations ?? {}, "annotations", platforms);
  const own = annotationAttrs(annotations, `${option}.annotations`, platforms);
  const attrs = { ...common, ...own };
  if (!needsIndex(attrs) || makesIndex(options)) return attrs;
  throw new OptionError(
    needsIndex(own) ? `${option}.annotations` : "annotations",
    "an image for one platform has no index to annotate; it gets one with several platforms, or with attestations",
  );
}

/**
 * The attributes for annotations by `key` or `level:key`; `level` is one of {@linkcode LEVELS}, or several with commas, each
 * with a platform in brackets or not.
 *
 * @param option The option that holds them.
 * @param platforms What the build is for, as far as it is known: others have no image to annotate.
 * @throws {OptionError} if a key can't be used
 */
export function annotationAttrs(
  annotations: Readonly<Record<string, string>>,
  option: string,
  platforms: readonly string[] = [],
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(annotations).flatMap(([name, value]) => {
      if (typeof value !== "string") {
        throw new OptionError(`${option}.${name}`, `${JSON.stringify(value)} is not a string`);
      }
      return attrNames(name, option, platforms).map((attr) => [attr, value]);
    }),
  );
}

/** Whether one of the attributes annotates an index, or its descriptor. */
export function needsIndex(attrs: Readonly<Record<string, string>>): boolean {
  return Object.keys(attrs).some((name) => INDEX_REGEXP.test(name));
}

/** Whether the images of a build have an index, as far as its options tell. */
function makesIndex(options: BuildOptions): boolean {
  return (options.platforms ?? []).length > 1 ||
    Object.keys(attestationAttrs(options).attrs).length > 0 ||
    options.frontendAttrs?.["multi-platform"] !== undefined ||
    options.buildArgs?.BUILDKIT_MULTI_PLATFORM !== undefined;
}

function attrNames(name: string, option: string, platforms: readonly string[]): string[] {
  const colon = name.indexOf(":");
  const key = name.slice(colon + 1);
  if (key === "" || /\s/.test(key)) {
    throw new OptionError(option, `"${name}" has no key without blanks`, EXAMPLE);
  }
  if (colon < 0) return [`annotation.${key}`];
  return name.slice(0, colon).split(",").map((text) => {
    return `annotation-${level(text, name, option, platforms)}.${key}`;
  });
}

function level(text: string, name: string, option: string, platforms: readonly string[]): string {
  const [, level = "", platform] = LEVEL_REGEXP.exec(text) ?? [];
  if (!LEVELS.includes(level)) {
    const guess = nearest(level || text, LEVELS);
    throw new OptionError(
      option,
      `"${name}": "${text}" is not a level` +
        (guess === undefined ? `; levels are ${LEVELS.join(", ")}` : `; did you mean ${guess}?`),
      EXAMPLE,
    );
  }
  if (platform === undefined) return level;
  const normal = normalizePlatform(platform, option);
  if (platforms.length > 0 && !platforms.includes(normal)) {
    throw new OptionError(
      option,
      `"${name}": the build is not for ${normal}, but for ${platforms.join(", ")}`,
    );
  }
  // There is one index for all platforms.
  return level.startsWith("index") ? level : `${level}[${normal}]`;
}
