/** Checks of build options that concern no single part. */
import { OptionError } from "./errors.ts";
import { nearest } from "./nearest.ts";
import { builtin } from "./runtime/builtin.ts";
import type { BuildOptions, TlsOptions } from "./types.ts";

/** What a value can be checked for, in the words of the error. */
const KINDS = {
  any: { is: () => true, example: "" },
  boolean: { is: (value: unknown) => typeof value === "boolean", example: "true" },
  duration: { is: (value: unknown) => typeof value === "number" && value > 0, example: "60_000" },
  list: { is: Array.isArray, example: "[]" },
  "min or max": {
    is: (value: unknown) => value === "min" || value === "max",
    example: '"min"',
  },
  object: { is: isObject, example: "{}" },
  text: { is: (value: unknown) => typeof value === "string", example: '"..."' },
  "list of texts": {
    is: (value: unknown) => Array.isArray(value) && value.every((item) => typeof item === "string"),
    example: '["..."]',
  },
  AbortSignal: {
    is: (value: unknown) => value instanceof AbortSignal,
    example: "AbortSignal.timeout(60_000)",
  },
};

/** Every option and what its value must be; the compiler keeps this complete. */
const OPTIONS: { readonly [Name in keyof Required<BuildOptions>]: keyof typeof KINDS } = {
  context: "any",
  contexts: "object",
  dockerfile: "any",
  tags: "list of texts",
  platforms: "list of texts",
  buildArgs: "object",
  labels: "object",
  target: "text",
  noCache: "boolean",
  noCacheFilter: "list of texts",
  pull: "boolean",
  addHosts: "object",
  network: "text",
  shmSize: "any",
  ulimits: "object",
  cgroupParent: "text",
  resources: "object",
  allow: "list of texts",
  secrets: "object",
  maskSecrets: "boolean",
  ssh: "any",
  cacheFrom: "list",
  cacheTo: "list",
  annotations: "object",
  provenance: "any",
  metadataProvenance: "min or max",
  sbom: "any",
  attestations: "object",
  sourceDateEpoch: "any",
  vcs: "any",
  sourcePolicy: "any",
  proxyNetwork: "boolean",
  frontendAttrs: "object",
  output: "any",
  auth: "any",
  registryTls: "object",
  address: "text",
  tls: "object",
  logger: "object",
  report: "any",
  timeoutMs: "duration",
  stallTimeoutMs: "duration",
  signal: "AbortSignal",
};

/** What no error may show. */
const SECRET: readonly string[] = ["secrets", "auth"];

const TLS_OPTIONS: { readonly [Name in keyof Required<TlsOptions>]: true } = {
  ca: true,
  cert: true,
  key: true,
  serverName: true,
};

/**
 * Refuses options that are unknown or of the wrong type.
 *
 * @throws {OptionError} that names the option and, for a misspelled one, the nearest
 */
export function checkOptions(options: BuildOptions): void {
  refuseUnknown(options, Object.keys(OPTIONS));
  for (const [name, value] of Object.entries(options)) {
    const kind = OPTIONS[name as keyof BuildOptions];
    if (value === undefined || KINDS[kind].is(value)) continue;
    const shown = SECRET.includes(name) ? "the value" : show(value);
    throw new OptionError(name, `${shown} is not of the type ${kind}`, KINDS[kind].example);
  }
  if (options.tls !== undefined) refuseUnknown(options.tls, Object.keys(TLS_OPTIONS), "tls");
}

/**
 * Refuses fields that `known` does not list.
 *
 * @param within The option that holds `value`, if it is not the options themselves.
 * @throws {OptionError} that names the field and the nearest known one
 */
export function refuseUnknown(value: object, known: readonly string[], within?: string): void {
  const unknown = Object.keys(value).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const guess = nearest(unknown, known);
  throw new OptionError(
    within === undefined ? unknown : `${within}.${unknown}`,
    "there is no such option" + (guess === undefined ? "" : `; did you mean ${guess}?`),
  );
}

/** A value as an error shows it: on one line, and not all of it. */
export function show(value: unknown): string {
  return builtin("util").inspect(value, {
    depth: 1,
    breakLength: Infinity,
    maxArrayLength: 5,
    maxStringLength: 100,
  });
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
