/** The flags of `moat-build sidecar`. */
import type { SidecarOptions } from "../docker/sidecar_options.ts";
import type { FlagValues } from "./flags.ts";
import { UsageError } from "./usage_error.ts";

/** The sidecar of whoever does not name one. */
export const DEFAULT_NAME = "moat-buildkit";

/** Which engine. */
export const ENGINE_FLAGS = {
  context: { value: "NAME", help: "Docker context of the engine" },
} as const;

/** What a new sidecar is like. */
export const START_FLAGS = {
  image: { value: "IMAGE", help: "Image (moby/buildkit, a pinned release)" },
  network: { value: "NAME", help: "Network to be on, made if missing (its own)" },
  alias: { value: "HOST", help: "Host name on that network (buildkit)" },
  rootless: { help: "Run without root instead of privileged" },
  state: { value: "VOLUME", help: "Volume for the cache, kept by rm" },
  publish: { value: "[HOST:]PORT", help: "Serve on the engine's host, without login" },
  config: { value: "FILE", help: "A buildkitd.toml" },
  "registry-mirror": { value: "A=B", many: true, help: "B as a mirror of registry A" },
  "registry-ca": { value: "HOST=PEM", many: true, help: "A registry's CA, a file" },
  "insecure-registry": { value: "REG", many: true, help: "Plain HTTP or any certificate" },
  env: { value: "KEY=VALUE", many: true, help: "Environment of the daemon" },
  "daemon-arg": { value: "ARG", many: true, help: "Argument for buildkitd" },
  timeout: { value: "SECONDS", help: "How long to wait for its answer (10)" },
  debug: { help: "Tell on stderr what is done (MOAT_DEBUG)" },
} as const;

/** Reads them. Throws a `UsageError`. */
export function startOptions(
  flags: FlagValues<typeof START_FLAGS>,
  readFile: (path: string) => string,
): SidecarOptions {
  const { image, network, alias, state, publish, config, timeout } = flags;
  const mirrors = new Map<string, string[]>();
  for (const [host, mirror] of flags["registry-mirror"].map(pair("--registry-mirror"))) {
    mirrors.set(host, [...mirrors.get(host) ?? [], mirror]);
  }
  return {
    ...(image !== undefined && { image }),
    ...(network !== undefined && { network }),
    ...(alias !== undefined && { alias }),
    ...(state !== undefined && { state }),
    ...(publish !== undefined && { publish: publication(publish) }),
    ...(config !== undefined && { config: readFile(config) }),
    ...(timeout !== undefined && { readyTimeoutMs: milliseconds(timeout) }),
    rootless: flags.rootless,
    registryMirrors: Object.fromEntries(mirrors),
    registryCas: Object.fromEntries(flags["registry-ca"].map(pair("--registry-ca"))),
    insecureRegistries: flags["insecure-registry"],
    env: Object.fromEntries(flags.env.map(pair("--env"))),
    args: flags["daemon-arg"],
  };
}

function pair(flag: string): (text: string) => [string, string] {
  return (text) => {
    const at = text.indexOf("=");
    if (at > 0 && at < text.length - 1) return [text.slice(0, at), text.slice(at + 1)];
    throw new UsageError(`${flag} "${text}" has no = between two parts`);
  };
}

function publication(text: string): { host?: string; port: number } {
  const [, host, port] = /^(?:(.+):)?(\d{1,5})$/.exec(text) ?? [];
  if (port === undefined || Number(port) > 65535) {
    throw new UsageError(`--publish "${text}" is not PORT or HOST:PORT`);
  }
  const address = host?.replace(/^\[|\]$/g, "");
  return { ...(address !== undefined && { host: address }), port: Number(port) };
}

function milliseconds(seconds: string): number {
  const value = Number(seconds);
  if (/^\d+(\.\d+)?$/.test(seconds) && value > 0) return value * 1000;
  throw new UsageError(`--timeout "${seconds}" is not a number of seconds`);
}
