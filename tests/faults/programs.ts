/** Other processes that build: a program of ours, and the command. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import process from "node:process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { BuildOptions } from "../../src/types.ts";
import type { PlainOptions, Running, Starter } from "./attempt.ts";

/** What the program can be told. */
export type Command =
  | { readonly do: "build"; readonly id: string; readonly options: BuildOptions }
  | { readonly do: "jump"; readonly days: number }
  | { readonly do: "block"; readonly ms: number };

/** What it says. */
export type Answer =
  | { readonly id: string; readonly say: "begun" | "done" }
  | {
    readonly id: string;
    readonly say: "ended";
    readonly outcome: string;
    readonly message: string;
  };

/** A running program. It ends with the block. */
export interface Program extends AsyncDisposable {
  readonly start: Starter;
  /** What errors said so far. */
  readonly messages: readonly string[];
  /** Has it do something between its builds, and waits until that is done. */
  tell(command: Command): Promise<void>;
}

const PROGRAM = fileURLToPath(new URL("program.ts", import.meta.url));
const CLI = fileURLToPath(new URL("../../cli.ts", import.meta.url));

/** Options of {@linkcode startProgram}. */
export interface ProgramOptions {
  env?: Record<string, string>;
  /** A program and its arguments that is to run ours. */
  wrapper?: readonly string[];
}

/** Starts {@linkcode PROGRAM}. */
export function startProgram({ env = {}, wrapper = [] }: ProgramOptions = {}): Program {
  const line = [...wrapper, Deno.execPath(), "run", "--allow-all", "--no-check", PROGRAM];
  const child = spawn(line[0]!, line.slice(1), {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, ...env },
  });
  const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const messages: string[] = [];
  const hearers = new Map<string, (answer: Answer) => void>();
  createInterface({ input: child.stdout }).on("line", (text) => {
    const answer = JSON.parse(text) as Answer;
    if (answer.say === "ended") messages.push(answer.message);
    hearers.get(`${answer.say} ${answer.id}`)?.(answer);
  });
  const heard = (say: Answer["say"], id: string) =>
    new Promise<Answer>((resolve) => hearers.set(`${say} ${id}`, resolve));
  const send = (command: Command) => void child.stdin.write(`${JSON.stringify(command)}\n`);
  return {
    messages,
    start(options) {
      const id = crypto.randomUUID();
      const begun = heard("begun", id).then(() => {});
      const ended = heard("ended", id).then((answer) => {
        assert(answer.say === "ended");
        return { outcome: answer.outcome, at: performance.now() };
      });
      send({ do: "build", id, options });
      return { begun, ended };
    },
    async tell(command) {
      const done = heard("done", "");
      send(command);
      await done;
    },
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await closed;
    },
  };
}

/** The command that builds. */
export interface CommandRun extends Running {
  readonly child: ChildProcess;
  /** What it said on standard error. */
  said(): string;
}

/** Starts the command; `onStart` gets each one. Its outcome is `built`, or `exit` with its exit code. */
export function commandStarter(
  onStart: (run: CommandRun) => void,
  env: Record<string, string> = {},
): Starter {
  return (options) => {
    const run = startCommand(argumentsOf(options), env);
    onStart(run);
    return run;
  };
}

/** Starts the command with these arguments. */
export function startCommand(args: readonly string[], env: Record<string, string>): CommandRun {
  const child = spawn(Deno.execPath(), ["run", "--allow-all", "--no-check", CLI, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env },
  });
  let text = "";
  let tell = () => {};
  const begun = new Promise<void>((resolve) => tell = resolve);
  child.stderr.on("data", (chunk: Uint8Array) => {
    text += new TextDecoder().decode(chunk);
    if (/^#\d+ [\d.]+ begun/m.test(text)) tell();
  });
  const ended = new Promise<{ outcome: string; at: number }>((resolve) => {
    child.once("exit", (code, signal) => {
      const outcome = code === 0 ? "built" : `exit ${code ?? signal}`;
      resolve({ outcome, at: performance.now() });
    });
  });
  const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const all = ended.then(async (ending) => {
    await closed;
    return ending;
  });
  return { child, said: () => text, begun, ended: all };
}

function argumentsOf({ address, context, tags, output }: PlainOptions): string[] {
  const fields = typeof output === "object" && !Array.isArray(output) && "dest" in output
    ? `type=${(output as { type: string }).type},dest=${output.dest}`
    : tags?.length
    ? "type=image,push=true,registry.insecure=true"
    : "type=cacheonly";
  return [
    ...["build", "--addr", address, "--progress", "plain", "--output", fields],
    ...(tags as string[] ?? []).flatMap((tag) => ["--tag", tag]),
    context,
  ];
}
