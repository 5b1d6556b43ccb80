/** The command `moat-build`: dispatch, help, and what becomes of errors. */
import type { Io } from "./io.ts";
import { nearest } from "../nearest.ts";
import { ExitCode } from "./exit_code.ts";
import { UsageError } from "./usage_error.ts";
import { pluginMetadata, withoutPluginName } from "./docker_plugin.ts";
import { VERSION } from "./version.ts";

/** Runs a command; one that returns a number has said itself what went wrong, and this is its exit code. */
type Command = (argv: readonly string[], io: Io) => Promise<number | void>;

/** Commands load what they need when they are called, so that help is quick. */
const COMMANDS: Readonly<Record<string, { summary: string; load: () => Promise<Command> }>> = {
  build: {
    summary: "Build an image from a Dockerfile and a folder",
    load: async () => (await import("./build_command.ts")).buildCommand,
  },
  context: {
    summary: "Show what would be sent, and what the ignore file keeps out",
    load: async () => (await import("./context_command.ts")).contextCommand,
  },
  ping: {
    summary: "Show the builder's version, its workers and their platforms",
    load: async () => (await import("./ping_command.ts")).pingCommand,
  },
  doctor: {
    summary: "Show what builders there are, and which one builds would use",
    load: async () => (await import("./doctor_command.ts")).doctorCommand,
  },
  sidecar: {
    summary: "Run a BuildKit daemon in a container beside your own",
    load: async () => (await import("./sidecar_command.ts")).sidecarCommand,
  },
  ctl: {
    summary: "Take buildctl's command line, for scripts written for it",
    load: async () => (await import("./ctl/ctl_command.ts")).ctlCommand,
  },
  info: {
    summary: "Show the builder's version",
    load: async () => (await import("./info_command.ts")).infoCommand,
  },
  workers: {
    summary: "Show the builder's workers: platforms, garbage collection, devices",
    load: async () => (await import("./workers_command.ts")).workersCommand,
  },
  du: {
    summary: "Show what takes space in the builder's cache",
    load: async () => (await import("./du_command.ts")).duCommand,
  },
  prune: {
    summary: "Remove what nothing uses from the builder's cache",
    load: async () => (await import("./prune_command.ts")).pruneCommand,
  },
  history: {
    summary: "Show and change what the builder remembers of its builds",
    load: async () => (await import("./history/command.ts")).historyCommand,
  },
  "dial-stdio": {
    summary: "Connect the standard streams with the builder",
    load: async () => (await import("./dial_stdio_command.ts")).dialStdioCommand,
  },
  report: {
    summary: "Write a page about a build from the builder's history",
    load: async () => (await import("./report_command.ts")).reportCommand,
  },
  completion: {
    summary: "Print a script that completes command lines in a shell",
    load: async () => (await import("./completion_command.ts")).completionCommand,
  },
};

const HELP = `Build container images on BuildKit.

Usage: moat-build COMMAND [flags]

Commands:
${
  Object.entries(COMMANDS).map(([name, { summary }]) => `  ${name.padEnd(11)} ${summary}`).join(
    "\n",
  )
}

Flags:
  -h, --help     Show this help; after a command, the command's
  -v, --version  Show the version

Environment:
  BUILDKIT_HOST      The builder, for example tcp://buildkit:1234
  DOCKER_HOST        The Docker engine, where there is no BUILDKIT_HOST;
                     DOCKER_CONTEXT, DOCKER_TLS_VERIFY, DOCKER_CERT_PATH too
  MOAT_DISABLE_BUILDKIT  1: use Docker's classic builder
  BUILDKIT_PROGRESS  How progress is shown: plain, tty, json, rawjson, quiet
  DOCKER_CONFIG      Folder of config.json with registry logins (~/.docker)
  NO_COLOR           No colors
  MOAT_DEBUG         Show what is decided and where errors come from
`;

/**
 * Runs a command line, without the program's name, and returns the exit code: 0, 1 the build failed or no builder was
 * reached, 2 the command line is wrong, 130 interrupted.
 */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  try {
    return await dispatch(argv, io) ?? ExitCode.ok;
  } catch (error) {
    return (await import("./report_error.ts")).reportError(error, io);
  }
}

async function dispatch(argv: readonly string[], io: Io): Promise<number | void> {
  const [name, ...rest] = withoutPluginName(argv, io);
  if (name === "docker-cli-plugin-metadata") return io.stdout.write(pluginMetadata());
  if (name === "--version" || name === "-v" || name === "version") {
    return io.stdout.write(`moat-build ${VERSION}\n`);
  }
  if (name === "--help" || name === "-h" || name === "help") return io.stdout.write(HELP);
  if (name === undefined) throw new UsageError("no command given", "See moat-build --help");
  if (!Object.hasOwn(COMMANDS, name)) {
    const what = name.startsWith("-") ? "flag" : "command";
    const near = nearest(name, Object.keys(COMMANDS));
    throw new UsageError(
      `unknown ${what} ${name}`,
      near === undefined ? "See moat-build --help" : `Did you mean moat-build ${near}?`,
    );
  }
  const command = await COMMANDS[name]!.load();
  return await command(rest, io);
}
