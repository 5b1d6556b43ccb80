/** What the classic builder can't do, refused before anything is sent. */
import { OptionError } from "../errors.ts";
import type { FileTree } from "../files/tree.ts";
import { isLoad, type PlannedOutput } from "../outputs.ts";
import type { BuildOptions } from "../types.ts";
import type { Instruction } from "./dockerfile.ts";

const INSTEAD =
  "The classic builder can't do it: use one with BuildKit (unset MOAT_DISABLE_BUILDKIT, or set BUILDKIT_HOST)";

/** Options that it does not know, with what they are for. */
const NEW_OPTIONS: { readonly [Name in keyof BuildOptions]: string } = {
  contexts: "contexts with names",
  secrets: "secrets",
  ssh: "ssh",
  cacheFrom: "caches outside the builder",
  cacheTo: "caches outside the builder",
  resources: "limits for each step",
  allow: "entitlements",
  provenance: "provenance",
  sbom: "an SBOM",
  attestations: "attestations",
  annotations: "annotations",
  sourceDateEpoch: "a time for the result",
  sourcePolicy: "a source policy",
  proxyNetwork: "a recording proxy",
  registryTls: "a token service's TLS",
};

/** What an image's output may say. */
const CLASSIC_FIELDS = ["type", "names", "push", "insecure", "load", "unpack", "attrs"];

/** Flags of instructions that it does not know, with what they are for. */
const FLAGS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  RUN: { mount: "mounts", network: "a network of its own", security: "a security mode" },
  COPY: {
    chmod: "modes",
    link: "independent layers",
    parents: "parent folders",
    exclude: "exclusions",
  },
  ADD: {
    chmod: "modes",
    link: "independent layers",
    exclude: "exclusions",
    checksum: "checksums",
    "keep-git-dir": "git folders",
    unpack: "the choice to unpack",
  },
};

/** What of `RUN --mount` is worth a name of its own. */
const MOUNTS: Readonly<Record<string, string>> = {
  cache: "a cache mount",
  secret: "a secret",
  ssh: "an ssh agent",
  tmpfs: "a tmpfs mount",
};

/**
 * Refuses options and outputs.
 *
 * @throws {OptionError} that names the option
 */
export function checkClassicOptions(
  options: BuildOptions,
  outputs: readonly PlannedOutput[],
): void {
  for (const [option, what] of Object.entries(NEW_OPTIONS)) {
    const value = options[option as keyof BuildOptions];
    if (value === undefined || value === false || isOptional(value)) continue;
    refuse(option, what);
  }
  const { platforms = [], noCacheFilter = [], frontendAttrs = {}, vcs } = options;
  if (typeof vcs === "object" && vcs.labels === true) refuse("vcs.labels", "labels from git");
  if (new Set(platforms).size > 1) refuse("platforms", "several platforms in one build");
  if (noCacheFilter.length > 0) refuse("noCacheFilter", "running some stages again");
  const [attr] = Object.keys(frontendAttrs);
  if (attr !== undefined) refuse(`frontendAttrs.${attr}`, "frontend attributes");
  for (const { option, output } of outputs) {
    if (output.type !== "image" && !isLoad(output)) {
      refuse(option, `the output type ${output.type}`);
    }
    const field = Object.keys(output).find((name) => !CLASSIC_FIELDS.includes(name));
    if (field !== undefined) refuse(`${option}.${field}`, "this choice");
    const [name] = Object.keys("attrs" in output ? output.attrs ?? {} : {});
    if (name !== undefined) refuse(`${option}.attrs.${name}`, "exporter attributes");
  }
}

/**
 * Refuses a context that is not on this machine, or is an archive.
 *
 * @throws {OptionError}
 */
export function checkClassicContext(context: FileTree | undefined): FileTree {
  return context ?? refuse("context", "a URL or a stream as the context");
}

/**
 * Refuses a Dockerfile that needs BuildKit.
 *
 * @throws {OptionError} that names the feature and its line
 */
export function checkClassicDockerfile(instructions: readonly Instruction[]): void {
  for (const { name, flags, line, heredoc } of instructions) {
    const known = Object.hasOwn(FLAGS, name) ? FLAGS[name]! : {};
    for (const flag of flags) {
      if (!Object.hasOwn(known, flag.name)) continue;
      const what = flag.name === "mount" ? mountName(flag.value) : known[flag.name];
      refuse("dockerfile", `${name} --${flag.name} (${what}, line ${line})`);
    }
    if (heredoc) refuse("dockerfile", `${name} with a here-document (line ${line})`);
  }
}

/** Provenance may be wanted only from builders that can make it. */
function isOptional(value: unknown): boolean {
  return typeof value === "object" && value !== null && "optional" in value &&
    value.optional === true;
}

function mountName(value: string): string {
  const type = /(?:^|,)type=([^,]+)/.exec(value)?.[1] ?? "bind";
  return MOUNTS[type] ?? "a bind mount";
}

function refuse(option: string, feature: string): never {
  throw new OptionError(option, `${feature} needs BuildKit. ${INSTEAD}`);
}
