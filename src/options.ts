/** Checks of build options that concern no single part. */
import { OptionError } from "./errors.ts";
import { nearest } from "./nearest.ts";
import type { BuildOptions } from "./types.ts";

/** Every option and the type its value must have; the compiler keeps this complete. */
const KINDS: {
  readonly [Name in keyof Required<BuildOptions>]:
    | "any"
    | "array"
    | "boolean"
    | "record"
    | "string";
} = {
  context: "any",
  dockerfile: "any",
  tags: "array",
  platforms: "array",
  buildArgs: "record",
  labels: "record",
  target: "string",
  noCache: "boolean",
  noCacheFilter: "array",
  pull: "boolean",
  addHosts: "record",
  network: "string",
  shmSize: "any",
  ulimits: "record",
  cgroupParent: "string",
  frontendAttrs: "record",
  output: "any",
  auth: "record",
  address: "string",
  tls: "record",
  signal: "any",
};

/**
 * Refuses options that are unknown or of the wrong type.
 *
 * @throws {OptionError} that names the option and, for a misspelled one, the nearest
 */
export function checkOptions(options: BuildOptions): void {
  for (const [name, value] of Object.entries(options)) {
    const kind = Object.hasOwn(KINDS, name) ? KINDS[name as keyof BuildOptions] : undefined;
    if (kind === undefined) {
      const guess = nearest(name, Object.keys(KINDS));
      throw new OptionError(
        name,
        "there is no such option" + (guess === undefined ? "" : `; did you mean ${guess}?`),
      );
    }
    if (value !== undefined && !isOf(kind, value)) {
      throw new OptionError(name, `${JSON.stringify(value)} is not of the type ${kind}`);
    }
  }
}

function isOf(kind: string, value: unknown): boolean {
  if (kind === "any") return true;
  if (kind === "array") {
    return Array.isArray(value) && value.every((item) => typeof item === "string");
  }
  if (kind === "record") {
    return typeof value === "object" && value !== null && !Array.isArray(value);
  }
  return kind === "boolean" ? typeof value === "boolean" : typeof value === "string";
}
