/** A command of a `RUN` failed: why, as its exit code and its last words tell. */
import type { BuildErrorCode, Diagnosis, Failure } from "./failure.ts";
import { QUOTED, unquote } from "./go_quote.ts";

const PROCESS_REGEXP = new RegExp(`process ${QUOTED} did not complete successfully: `);

/** How daemons before v0.9 say it. They have no details for the code. */
const OLDEST_REGEXP = /executor failed running \[([\s\S]*)\]: exit code: (\d+)$/;

/** The command that failed, as the daemon ran it; undefined if none did. */
export function failedCommand(message: string): string | undefined {
  const quoted = PROCESS_REGEXP.exec(message)?.[1];
  return quoted === undefined ? OLDEST_REGEXP.exec(message)?.[1] : unquote(quoted);
}

/** The exit code as the text tells it. */
export function exitCodeInText(message: string): number | undefined {
  const code = OLDEST_REGEXP.exec(message)?.[2];
  return code === undefined ? undefined : Number(code);
}

/** A failed command, with its output as one text. */
interface FailedCommand extends Failure {
  readonly command: string;
  readonly output: string;
}

/** Recognises one reason; gives the code, what is wrong, and what to do. */
type Reason = (failed: FailedCommand) => [BuildErrorCode, string, string] | undefined;

/** The first that fits counts. */
const REASONS: readonly Reason[] = [
  unknownUser,
  killed,
  otherProcessor,
  noJson,
  noShell,
  notFound,
  denied,
];

/** Recognises a command that failed. */
export function commandFailure(failure: Failure): Diagnosis | undefined {
  const command = failedCommand(failure.message);
  if (command === undefined) return undefined;
  const { exitCode } = failure;
  const failed = { ...failure, command, output: failure.log.join("\n") };
  for (const reason of REASONS) {
    const found = reason(failed);
    if (found === undefined) continue;
    const [code, what, advice] = found;
    const summary = exitCode === undefined ? what : `${what} (exit code ${exitCode})`;
    return { code, summary, suggestions: [advice] };
  }
  if (exitCode === undefined) return undefined;
  const summary = `the command ended with exit code ${exitCode}`;
  return { code: "COMMAND_FAILED", summary, suggestions: [] };
}

function unknownUser({ message }: FailedCommand): ReturnType<Reason> {
  const found = /unable to find (user|group) (\S+?):/.exec(message);
  if (found === null) return undefined;
  const advice = `Add it in a RUN before, for example by adduser, or use its number.`;
  return ["USER_NOT_FOUND", `the image has no ${found[1]} ${found[2]}`, advice];
}

/** The daemon tells of memory where the kernel does (executor/runcexecutor, `detectOOM`). */
function killed({ message, exitCode }: FailedCommand): ReturnType<Reason> {
  const memory = /cannot allocate memory/.test(message);
  if (!memory && exitCode !== 137) return undefined;
  return [
    "COMMAND_KILLED",
    memory ? "the command was killed: memory ran out" : "the command was killed by SIGKILL",
    "Most often memory ran out: give the builder more, or let the step do less at once.",
  ];
}

function otherProcessor({ output }: FailedCommand): ReturnType<Reason> {
  if (!/exec format error/i.test(output)) return undefined;
  return [
    "COMMAND_WRONG_PLATFORM",
    "the program is made for another processor",
    "Build for the builder's own platform, install emulation on the builder (binfmt_misc with QEMU), " +
    "or cross-compile in a stage with FROM --platform=$BUILDPLATFORM.",
  ];
}

/** `RUN ['a']` is no list: a shell gets it as it is. */
function noJson({ command, exitCode }: FailedCommand): ReturnType<Reason> {
  if (exitCode === 0 || !/^\S+ -c \[/.test(command)) return undefined;
  return [
    "COMMAND_FAILED",
    "the list is not valid JSON, so a shell took it for a command",
    'Put each word in double quotes: RUN ["program", "argument"].',
  ];
}

function noShell({ command, output }: FailedCommand): ReturnType<Reason> {
  const missing = missingExecutable(output);
  if (missing === undefined || !command.startsWith(`${missing} -c `)) return undefined;
  return [
    "COMMAND_NOT_FOUND",
    `the image has no shell ${missing}`,
    'Run the step in a stage that has one and COPY --from it, or name a program: RUN ["/program", "argument"].',
  ];
}

function notFound({ exitCode, output }: FailedCommand): ReturnType<Reason> {
  const name = missingExecutable(output) ?? (exitCode === 127 ? missingProgram(output) : undefined);
  if (name === undefined) {
    return exitCode !== 127 ? undefined : [
      "COMMAND_NOT_FOUND",
      "a command is not in the image",
      "See the step's output for its name, then install it in a RUN before this one.",
    ];
  }
  const advice = name.includes("/")
    ? `Check the path. If the file is there, what its first line (#!) names is not, or the line ends in CR LF.`
    : `Install ${name} in a RUN before this one, or correct its name or PATH.`;
  return ["COMMAND_NOT_FOUND", `the command ${name} is not in the image`, advice];
}

function denied({ exitCode, output }: FailedCommand): ReturnType<Reason> {
  if (exitCode !== 126 && !/exec: .*permission denied/i.test(output)) return undefined;
  const name = /(\S+?): Permission denied/i.exec(output)?.[1] ?? "the command";
  const advice = "Make it executable: chmod +x before the build, or COPY --chmod=755.";
  return ["COMMAND_NOT_FOUND", `${name} can't be executed`, advice];
}

/** What runc says. */
function missingExecutable(output: string): string | undefined {
  return /exec: "([^"]+)": (?:executable file not found|stat .*: no such file)/.exec(output)?.[1];
}

/** What a shell says: `sh: 1: foo: not found`, `sh: foo: not found`, `bash: line 1: foo: command not found`. */
function missingProgram(output: string): string | undefined {
  return /(?:^|: )(\S+): (?:command )?not found\s*$/m.exec(output)?.[1];
}
