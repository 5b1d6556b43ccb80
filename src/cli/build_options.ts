/** From the flags of `build` to build options. */
import type { BuildOptions, Output, SecretSource, SshSource } from "../types.ts";
import type { BUILD_FLAGS } from "./build_flags.ts";
import { connectionChoice, milliseconds } from "./connection_flags.ts";
import { factOptions } from "./fact_options.ts";
import type { CommandLine } from "./flags.ts";
import type { Io } from "./io.ts";
import { cutPair, parseKeyValues } from "./key_value_flag.ts";
import { limitOptions } from "./limit_options.ts";
import { registryOptions } from "./registry_options.ts";
import { UsageError } from "./usage_error.ts";

/** A `build` command line, taken apart. */
export type BuildCommandLine = CommandLine<typeof BUILD_FLAGS>;

/**
 * The build that a command line asks for. Reads stdin for `-f -`, and how it begins for `-`. Throws a `UsageError`; values that the library checks are
 * left to it.
 */
export async function buildOptions(line: BuildCommandLine, io: Io): Promise<BuildOptions> {
  const { flags } = line;
  const context = contextPath(line.positionals);
  const source = context === "-"
    ? await (await import("./stdin_context.ts")).stdinContext(flags.file, io)
    : { context, ...await dockerfile(flags.file, io) };
  const { address, tls } = connectionChoice(flags);
  const output = await outputs(flags, io);
  return {
    ...source,
    ...nonEmpty("contexts", await contexts(flags["build-context"])),
    ...nonEmpty("tags", flags.tag),
    ...nonEmpty("platforms", lists(flags.platform)),
    ...nonEmpty("buildArgs", await buildArgs(flags["build-arg"], address, io)),
    ...nonEmpty("labels", parseKeyValues("--label", flags.label, () => "")),
    ...nonEmpty("secrets", await secrets(flags.secret, io)),
    ...(flags["show-secrets"] && { maskSecrets: false }),
    ...nonEmpty("ssh", await ssh(flags.ssh)),
    ...given("target", flags.target),
    ...(flags["no-cache"] && { noCache: true }),
    ...nonEmpty("noCacheFilter", lists(flags["no-cache-filter"])),
    ...(flags.pull && { pull: true }),
    ...await caches(flags),
    ...nonEmpty("addHosts", await addHosts(flags["add-host"])),
    ...given("network", network(flags.network)),
    ...given("shmSize", flags["shm-size"]),
    ...nonEmpty("ulimits", await ulimits(flags.ulimit)),
    ...given("cgroupParent", flags["cgroup-parent"]),
    ...await limitOptions(flags, output),
    ...await factOptions(flags, io),
    ...await registryOptions(flags, io),
    ...given("timeoutMs", milliseconds("--build-timeout", flags["build-timeout"])),
    ...given("stallTimeoutMs", milliseconds("--stall-timeout", flags["stall-timeout"])),
    ...nonEmpty("frontendAttrs", frontendAttrs(flags.opt)),
    ...nonEmpty("output", output),
    ...given("report", flags.report),
    ...given("address", address),
    ...given("tls", tls),
  };
}

function contextPath([path, ...more]: string[]): string {
  if (path === undefined) {
    throw new UsageError(
      "build needs the context: a folder, a URL, or - for stdin",
      'Write "moat-build build ." to build this folder',
    );
  }
  if (more.length > 0) {
    throw new UsageError(
      `build takes one path, but got ${more.length + 1}: ${[path, ...more].join(" ")}`,
    );
  }
  return path;
}

async function dockerfile(
  file: string | undefined,
  io: Io,
): Promise<Pick<BuildOptions, "dockerfile">> {
  if (file === undefined) return {};
  if (file !== "-") return { dockerfile: { path: file } };
  const { refuseTerminal } = await import("./stdin_context.ts");
  refuseTerminal(io, "moat-build build -f - . <Dockerfile");
  return { dockerfile: await io.readStdin() };
}

async function secrets(items: readonly string[], io: Io): Promise<Record<string, SecretSource>> {
  if (items.length === 0) return {};
  return (await import("./secret_flag.ts")).parseSecrets(items, io.env);
}

async function ssh(items: readonly string[]): Promise<Record<string, SshSource>> {
  return items.length === 0 ? {} : (await import("./ssh_flag.ts")).parseSsh(items);
}

/**
 * As other tools do, a time that the environment gives for reproducible results is taken, and proxies that Docker's
 * configuration has for containers.
 */
async function buildArgs(
  items: readonly string[],
  address: string | undefined,
  io: Io,
): Promise<Record<string, string>> {
  const { proxyArgs } = await import("./proxy_args.ts");
  const epoch = io.env("SOURCE_DATE_EPOCH");
  const given = parseKeyValues("--build-arg", items, io.env);
  return {
    ...(epoch && { SOURCE_DATE_EPOCH: epoch }),
    ...await proxyArgs(given, address, io),
    ...given,
  };
}

async function contexts(
  items: readonly string[],
): Promise<NonNullable<BuildOptions["contexts"]>> {
  if (items.length === 0) return {};
  return (await import("./build_context_flag.ts")).parseBuildContexts(items);
}

async function addHosts(
  items: readonly string[],
): Promise<NonNullable<BuildOptions["addHosts"]>> {
  if (items.length === 0) return {};
  return (await import("./add_host_flag.ts")).parseAddHosts(items);
}

async function ulimits(items: readonly string[]): Promise<NonNullable<BuildOptions["ulimits"]>> {
  if (items.length === 0) return {};
  return (await import("./ulimit_flag.ts")).parseUlimits(items);
}

async function outputs(
  { output, push, load }: BuildCommandLine["flags"],
  { stdout }: Io,
): Promise<Output[]> {
  if (output.length === 0 && !push && !load) return [];
  return (await import("./output_flag.ts")).parseOutputs(output, { push, load, stdout });
}

async function caches(
  { "cache-from": from, "cache-to": to }: BuildCommandLine["flags"],
): Promise<Pick<BuildOptions, "cacheFrom" | "cacheTo">> {
  if (from.length === 0 && to.length === 0) return {};
  const { parseCacheFrom, parseCacheTo } = await import("./cache_flag.ts");
  return {
    ...nonEmpty("cacheFrom", parseCacheFrom(from)),
    ...nonEmpty("cacheTo", parseCacheTo(to)),
  };
}

function network(mode: string | undefined): BuildOptions["network"] {
  if (mode === undefined || mode === "default" || mode === "host" || mode === "none") return mode;
  throw new UsageError(`--network "${mode}" is not a mode`, "Modes are default, host and none");
}

function frontendAttrs(items: readonly string[]): Record<string, string> {
  for (const item of items) {
    if (cutPair(item).value !== undefined) continue;
    throw new UsageError(`--opt "${item}" has no value`, `Write --opt ${item}= for an empty one`);
  }
  return parseKeyValues("--opt", items, () => undefined);
}

/** Values that may also be given as one list with commas. */
function lists(items: readonly string[]): string[] {
  return items.flatMap((item) => item.split(",")).map((item) => item.trim());
}

/** An option that is set only where there is a value. */
function given<K extends string, V>(name: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : { [name]: value } as { [P in K]: V };
}

function nonEmpty<K extends string, V extends object>(name: K, value: V): { [P in K]?: V } {
  return given(name, Object.keys(value).length === 0 ? undefined : value);
}
