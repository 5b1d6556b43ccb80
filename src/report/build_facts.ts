/** What a report says of a build besides its steps: what was asked for and what was made. */
import type { ProgressState } from "../progress/model.ts";
import { formatBytes } from "../progress/format.ts";
import type {
  BuildOptions,
  BuildResult,
  ContextSource,
  OutputResult,
  RemoteContext,
} from "../types.ts";

type Pair = readonly [name: string, value: string];

const BASE_IMAGE_REGEXP = /^\[[^\]]*\] FROM (\S+)/;

/** What was asked for. Of build arguments and of raw attributes only the names: values may be secret. */
export function reportInputs(options: BuildOptions, state: ProgressState): Pair[] {
  const { context = ".", dockerfile, target, platforms = [], tags = [] } = options;
  const { buildArgs = {}, labels = {}, frontendAttrs = {}, noCache, noCacheFilter = [] } = options;
  const sources: (ContextSource | RemoteContext)[] = Array.isArray(context) ? context : [context];
  return [
    ...sources.map((source): Pair => ["context", sourceName(source)]),
    ["Dockerfile", dockerfileName(dockerfile)],
    ...(target === undefined ? [] : [["stage", target] as const]),
    ...listed("platforms", platforms),
    ...listed("names", tags),
    ...listed("build arguments", Object.keys(buildArgs)),
    ...listed("labels", Object.entries(labels).map(([key, value]) => `${key}=${value}`)),
    ...listed("attributes", Object.keys(frontendAttrs)),
    ...(noCache ? [["cache", "not used"] as const] : []),
    ...listed("cache not used for", noCacheFilter),
    ...listed("base images", baseImages(state)),
  ];
}

/** What was made. */
export function reportOutputs({ names, digest, imageId, outputs }: BuildResult): Pair[] {
  return [
    ...names.map((name): Pair => ["name", name]),
    ...(digest === undefined ? [] : [["digest", digest] as const]),
    ...(imageId === undefined || imageId === digest ? [] : [["image id", imageId] as const]),
    ...outputs.map((output): Pair => [output.type, outputText(output)]),
  ];
}

/** The images that the steps began with, as the builder resolved them. */
export function baseImages(state: ProgressState): string[] {
  const found = [...state.steps].map(({ name }) => BASE_IMAGE_REGEXP.exec(name)?.[1]);
  return [...new Set(found.filter((name) => name !== undefined))];
}

/** What a build is called: its first name, else where it is built from. */
export function reportTitle({ tags = [], context = "." }: BuildOptions): string {
  const [first = "."] = Array.isArray(context) ? context : [context];
  return tags[0] ?? sourceName(first);
}

function outputText({ dest, bytes, entries }: OutputResult): string {
  const parts = [
    ...(dest === undefined ? [] : [dest]),
    ...(bytes === undefined ? [] : [formatBytes(bytes)]),
    ...(entries === undefined ? [] : [`${entries} entries`]),
  ];
  return parts.join(", ");
}

function dockerfileName(dockerfile: BuildOptions["dockerfile"]): string {
  if (dockerfile === undefined) return "Dockerfile of the context";
  return typeof dockerfile === "string" ? "given as content" : String(dockerfile.path);
}

function sourceName(source: ContextSource | RemoteContext): string {
  if (typeof source === "string") return source;
  if (source instanceof URL) return source.href;
  const count = Object.keys(source).length;
  return `${count} ${count === 1 ? "file" : "files"} in memory`;
}

function listed(name: string, values: readonly string[]): Pair[] {
  return values.length === 0 ? [] : [[name, values.join(", ")]];
}
