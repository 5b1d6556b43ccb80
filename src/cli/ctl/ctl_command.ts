/** `moat-build ctl`: takes `buildctl`'s command line, for scripts that were written for it. */
import { renderHelp } from "../help.ts";
import type { Io } from "../io.ts";
import { VERSION } from "../version.ts";
import type { CtlCommand } from "./command.ts";
import { countLeadingFlags, parseCtlFlags } from "./ctl_flags.ts";
import { GLOBAL_FLAGS } from "./global_flags.ts";
import { CtlExitCode, reportCtlError, UnknownCommandError } from "./report_ctl_error.ts";

type Commands = Readonly<Record<string, CtlCommand>>;

const DEBUG: Commands = {
  "dump-llb": {
    summary: "Show what an LLB definition consists of",
    load: async () => (await import("./debug/dump_llb.ts")).command,
  },
  "dump-metadata": {
    summary: "Not supported",
    load: async () => (await import("./debug/dump_metadata.ts")).command,
  },
  workers: {
    summary: "List the workers",
    load: async () => (await import("./debug/workers.ts")).command,
  },
  info: {
    summary: "Show the builder's version",
    load: async () => (await import("./debug/info.ts")).command,
  },
  monitor: {
    summary: "Show builds as they begin and end",
    load: async () => (await import("./debug/monitor.ts")).command,
  },
  logs: {
    summary: "Show a build's progress, also after its end",
    load: async () => (await import("./debug/logs.ts")).command,
  },
  ctl: {
    summary: "Keep or remove a build's record",
    load: async () => (await import("./debug/ctl.ts")).command,
  },
  get: {
    summary: "Print a blob of the builder's store",
    load: async () => (await import("./debug/get.ts")).command,
  },
  histories: {
    summary: "List the records of builds",
    load: async () => (await import("./debug/histories.ts")).command,
  },
};

const COMMANDS: Commands = {
  du: {
    summary: "Show what the build cache takes",
    load: async () => (await import("./du.ts")).command,
  },
  prune: {
    summary: "Empty the build cache",
    load: async () => (await import("./prune.ts")).command,
  },
  "prune-histories": {
    summary: "Remove the records of builds",
    load: async () => (await import("./prune_histories.ts")).command,
  },
  build: {
    summary: "Build with a frontend, or from LLB on stdin",
    load: async () => (await import("./build/build_command.ts")).command,
  },
  "dial-stdio": {
    summary: "Connect the standard streams with the builder",
    load: async () => (await import("./dial_stdio.ts")).command,
  },
  debug: { summary: "Look into the builder", commands: DEBUG },
};

const ROOT_FLAGS = { ...GLOBAL_FLAGS, version: { short: "v", help: "Show the version" } } as const;

/** Runs the command and returns its exit code: buildctl's, not those of this program's other commands. */
export async function ctlCommand(argv: readonly string[], io: Io): Promise<number> {
  try {
    const count = countLeadingFlags(ROOT_FLAGS, argv);
    const { flags } = parseCtlFlags(ROOT_FLAGS, argv.slice(0, count));
    if (flags.version) {
      io.stdout.write(`buildctl @moat/build v${VERSION} \n`);
      return CtlExitCode.ok;
    }
    const globals = argv.slice(0, count).filter((arg) => !/^(-h|--?help)$/.test(arg));
    await dispatch(COMMANDS, "ctl", { globals, rest: argv.slice(count), help: flags.help }, io);
    return CtlExitCode.ok;
  } catch (error) {
    const debug = argv.some((arg) => /^--?debug(=true)?$/.test(arg));
    return reportCtlError(error, io, { debug });
  }
}

/** A command line, as far as it is not taken apart yet. */
interface Line {
  /** Flags that stand before the command's name. */
  readonly globals: readonly string[];
  readonly rest: readonly string[];
  readonly help: boolean;
}

async function dispatch(commands: Commands, path: string, line: Line, io: Io): Promise<void> {
  const [first, ...rest] = line.rest;
  const isHelp = first === "help" || first === "h";
  const [name, after] = isHelp ? [rest[0], rest.slice(1)] : [withoutAlias(first), rest];
  const help = line.help || isHelp;
  if (name === undefined) return io.stdout.write(groupHelp(commands, path));
  const command = Object.hasOwn(commands, name) ? commands[name]! : undefined;
  if (command === undefined) throw new UnknownCommandError(name);
  const here = `${path} ${name}`;
  if ("commands" in command) {
    const count = countLeadingFlags(GLOBAL_FLAGS, after);
    const globals = [...line.globals, ...after.slice(0, count)];
    const inner = { globals, rest: after.slice(count), help: help || globals.some(isHelpFlag) };
    return await dispatch(command.commands, here, inner, io);
  }
  const { action, flags, arguments: others = "" } = await command.load();
  if (help || after.some(isHelpFlag)) {
    return io.stdout.write(renderHelp({
      usage: `moat-build ${here} [flags] ${others}`.trimEnd(),
      summary: `${command.summary}, as buildctl does.`,
      groups: { ...(Object.keys(flags).length > 0 && { Flags: flags }), Builder: GLOBAL_FLAGS },
    }));
  }
  await action([...line.globals, ...after], io);
}

/** Commands' full names by their short ones. */
const ALIASES = new Map([["b", "build"]]);

function withoutAlias(name: string | undefined): string | undefined {
  return name === undefined ? undefined : ALIASES.get(name) ?? name;
}

function isHelpFlag(arg: string): boolean {
  return /^(-h|--?help)$/.test(arg);
}

function groupHelp(commands: Commands, path: string): string {
  const width = Math.max(...Object.keys(commands).map((name) => name.length));
  const lines = Object.entries(commands).map(([name, { summary }]) => {
    return `  ${name.padEnd(width)}  ${summary}`;
  });
  return renderHelp({
    usage: `moat-build ${path} COMMAND [flags]`,
    summary: "Take buildctl's command line, for scripts that were written for it.",
    groups: { Builder: GLOBAL_FLAGS },
    notes: ["Commands:", ...lines],
  });
}
