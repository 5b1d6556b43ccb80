/** `moat-build sidecar`: a BuildKit daemon in a container, for as long as it is wanted. */
import { readFileSync } from "node:fs";
import { startSidecar } from "../docker/sidecar.ts";
import {
  collectSidecars,
  listSidecars,
  type RemovedPart,
  removeSidecar,
  type SidecarInfo,
  sidecarLog,
  stopSidecar,
} from "../docker/sidecar_list.ts";
import { nearest } from "../nearest.ts";
import { safeLines } from "../progress/safe_text.ts";
import { type FlagTable, HELP_FLAG, parseFlags } from "./flags.ts";
import { renderHelp } from "./help.ts";
import { interruptible } from "./interrupt.ts";
import type { Io } from "./io.ts";
import { cliLogger } from "./logger.ts";
import { DEFAULT_NAME, ENGINE_FLAGS, START_FLAGS, startOptions } from "./sidecar_flags.ts";
import { UsageError } from "./usage_error.ts";

const JSON_FLAG = { json: { help: "Print JSON" } } as const;
const COMMON = { ...ENGINE_FLAGS, ...HELP_FLAG } as const;

type Action = (argv: readonly string[], io: Io) => Promise<void>;

const ACTIONS: Readonly<Record<string, Action>> = { start, status, stop, logs, rm, gc };

const HELP = `Run a BuildKit daemon in a container of the Docker engine.

Usage: moat-build sidecar start|status|stop|logs|rm [NAME] [flags]
       moat-build sidecar gc [flags]

  start   Start it, or what was stopped; print its addresses
  status  List the sidecars of the engine
  stop    Stop it and keep its cache
  logs    Print what it has printed
  rm      Remove it with its network and its cache
  gc      Remove what runs have left that ended without doing so

NAME is ${DEFAULT_NAME} where it is left out.
See moat-build sidecar start --help
`;

/** Runs the command. */
export async function sidecarCommand(argv: readonly string[], io: Io): Promise<void> {
  const [name, ...rest] = argv;
  if (name === "--help" || name === "-h") return io.stdout.write(HELP);
  if (name === undefined || !Object.hasOwn(ACTIONS, name)) {
    const near = name === undefined ? undefined : nearest(name, Object.keys(ACTIONS));
    throw new UsageError(
      name === undefined ? "sidecar needs to be told what to do" : `unknown action ${name}`,
      near === undefined ? "See moat-build sidecar --help" : `Did you mean sidecar ${near}?`,
    );
  }
  await ACTIONS[name]!(rest, io);
}

async function start(argv: readonly string[], io: Io): Promise<void> {
  const { flags, positionals } = parseFlags({ ...JSON_FLAG, ...START_FLAGS, ...COMMON }, argv);
  if (flags.help) return io.stdout.write(START_HELP);
  const options = {
    ...startOptions(flags, readConfig),
    ...contextOf(flags),
    name: nameOf("start", positionals),
    keep: true,
    logger: cliLogger(io, flags.debug),
  };
  const sidecar = await interruptible(io, (signal) => startSidecar({ ...options, signal }));
  await sidecar[Symbol.asyncDispose]();
  const { name, image, network, address, networkAddress } = sidecar;
  const lines = [
    `${name} (${image}) is ready`,
    `  on this machine: BUILDKIT_HOST=${address}`,
    `  on its network ${network}: BUILDKIT_HOST=${networkAddress}`,
  ];
  const found = { name, image, network, address, networkAddress };
  print(io, flags.json ? JSON.stringify(found, null, 2) : lines.join("\n"));
}

const START_HELP = renderHelp({
  usage: "moat-build sidecar start [NAME] [flags]",
  summary: "Start a BuildKit daemon in a container, or one that was stopped.",
  groups: {
    "Flags": { ...JSON_FLAG, ...COMMON },
    "Sidecar": START_FLAGS,
  },
  notes: ["The sidecar stays until sidecar rm. One that is there is used as it is."],
});

async function status(argv: readonly string[], io: Io): Promise<void> {
  const { flags, positionals } = parseFlags({ ...JSON_FLAG, ...COMMON }, argv);
  if (flags.help) return io.stdout.write(actionHelp("status", "List the sidecars of the engine."));
  const [name] = atMostOne("status", positionals);
  const all = await interruptible(io, (signal) => listSidecars({ ...contextOf(flags), signal }));
  const found = name === undefined ? all : all.filter((sidecar) => sidecar.name === name);
  if (flags.json) return print(io, JSON.stringify(found, null, 2));
  print(io, found.length === 0 ? "There is no sidecar." : found.map(describe).join("\n"));
}

const OWNERS = {
  none: "kept until it is removed",
  alive: "of a running process",
  dead: "left behind; sidecar gc removes it",
  unknown: "of a process that can't be seen from here",
} as const;

function describe(sidecar: SidecarInfo): string {
  const { name, state, image, address, network, networkAddress, owner } = sidecar;
  return [
    `${name}: ${state}, ${OWNERS[owner]}`,
    ...(image === "" ? [] : [`  image ${image}`, `  ${address}`]),
    `  ${networkAddress} on the network ${network}`,
  ].join("\n");
}

async function stop(argv: readonly string[], io: Io): Promise<void> {
  const { flags, positionals } = parseFlags(COMMON, argv);
  if (flags.help) return io.stdout.write(actionHelp("stop [NAME]", "Stop it, keep its cache."));
  const name = nameOf("stop", positionals);
  await interruptible(io, (signal) => stopSidecar(name, { ...contextOf(flags), signal }));
}

const LOGS_FLAGS = { tail: { short: "n", value: "LINES", help: "The last lines only" } } as const;

async function logs(argv: readonly string[], io: Io): Promise<void> {
  const { flags, positionals } = parseFlags({ ...LOGS_FLAGS, ...COMMON }, argv);
  if (flags.help) {
    return io.stdout.write(actionHelp("logs [NAME]", "Print what it has printed.", LOGS_FLAGS));
  }
  const name = nameOf("logs", positionals);
  const lines = flags.tail === undefined ? undefined : Number(flags.tail);
  if (lines !== undefined && !(Number.isInteger(lines) && lines >= 0)) {
    throw new UsageError(`--tail "${flags.tail}" is not a number of lines`);
  }
  const text = await interruptible(
    io,
    (signal) => sidecarLog(name, { ...contextOf(flags), lines, signal }),
  );
  print(io, text.trimEnd());
}

async function rm(argv: readonly string[], io: Io): Promise<void> {
  const { flags, positionals } = parseFlags(COMMON, argv);
  if (flags.help) {
    return io.stdout.write(actionHelp("rm [NAME]", "Remove it with its network and its cache."));
  }
  const name = nameOf("rm", positionals);
  const choice = contextOf(flags);
  tellRemoved(io, await interruptible(io, (signal) => removeSidecar(name, { ...choice, signal })));
}

const GC_FLAGS = {
  all: { help: "Also of processes that can't be seen from here" },
} as const;

async function gc(argv: readonly string[], io: Io): Promise<void> {
  const { flags, positionals } = parseFlags({ ...GC_FLAGS, ...COMMON }, argv);
  if (flags.help) {
    const summary = "Remove what runs have left that ended without doing so.";
    return io.stdout.write(actionHelp("gc", summary, GC_FLAGS));
  }
  if (positionals.length > 0) throw new UsageError("sidecar gc takes no arguments");
  const { all } = flags;
  const choice = { ...contextOf(flags), all };
  tellRemoved(io, await interruptible(io, (signal) => collectSidecars({ ...choice, signal })));
}

function actionHelp(usage: string, summary: string, own: FlagTable = {}): string {
  return renderHelp({
    usage: `moat-build sidecar ${usage} [flags]`,
    summary,
    groups: { "Flags": { ...own, ...COMMON } },
  });
}

function contextOf({ context }: { context: string | undefined }): { context?: string } {
  return context === undefined ? {} : { context };
}

function nameOf(action: string, positionals: readonly string[]): string {
  return atMostOne(action, positionals)[0] ?? DEFAULT_NAME;
}

function atMostOne(action: string, positionals: readonly string[]): readonly string[] {
  if (positionals.length <= 1) return positionals;
  throw new UsageError(`sidecar ${action} takes one name, but got ${positionals.join(" ")}`);
}

function readConfig(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new UsageError(`--config: cannot read "${path}": ${(error as Error).message}`);
  }
}

function tellRemoved(io: Io, parts: readonly RemovedPart[]): void {
  print(io, parts.map(({ kind, name }) => `removed the ${kind} ${name}`).join("\n"));
}

/** Prints lines, if there are any. */
function print(io: Io, text: string): void {
  if (text !== "") io.stdout.write(safeLines(text).map((line) => `${line}\n`).join(""));
}
