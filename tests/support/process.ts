/** Programs run to their end, and daemons started in the background and stopped by their process id. */
import process from "node:process";
import { Buffer } from "node:buffer";
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";

/** How a program ended. */
export interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Options of {@linkcode run}. */
export interface RunOptions {
  cwd?: string;
  /** Added to this process's environment. */
  env?: Record<string, string>;
  /** Let the program write to this process's output instead of collecting it. @default false */
  inherit?: boolean;
  /** Passed on to the program as Ctrl-C. */
  signal?: AbortSignal;
}

/** The exit code of a program that a signal ended. */
const KILLED = 128;

/** Runs a program to its end, whatever its exit code; rejects only if it cannot be started. */
export function run(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Finished> {
  const output = options.inherit ? "inherit" : "pipe";
  const child = spawn(command, args, {
    stdio: ["ignore", output, output],
    env: { ...process.env, ...options.env },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  const interrupt = () => void child.kill("SIGINT");
  options.signal?.addEventListener("abort", interrupt);
  const stdout = collect(child.stdout);
  const stderr = collect(child.stderr);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      options.signal?.removeEventListener("abort", interrupt);
      resolve({ code: code ?? KILLED, stdout: stdout(), stderr: stderr() });
    });
  });
}

/** Like {@linkcode run}, but any exit code other than 0 is an error that shows the output's end. */
export async function runOk(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Finished> {
  const finished = await run(command, args, options);
  if (finished.code !== 0) {
    const output = tail(finished.stdout + finished.stderr);
    throw new Error(`${command} ${args.join(" ")} ended with ${finished.code}:\n${output}`);
  }
  return finished;
}

function collect(stream: NodeJS.ReadableStream | null): () => string {
  const chunks: Buffer[] = [];
  stream?.on("data", (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString();
}

/** A daemon's start. */
export interface DaemonOptions {
  command: string;
  args: readonly string[];
  /** File that receives everything the daemon prints. */
  logFile: string;
  env?: Record<string, string>;
  /** Says whether the daemon serves already; asked again and again. Its last error is shown when it never does. */
  ready: (log: string) => Promise<boolean> | boolean;
  /** @default 30_000 */
  readyTimeoutMs?: number;
}

/** A program in the background. */
export interface Daemon {
  readonly pid: number;
  /** Everything it printed so far. */
  log(): string;
  /** Asks it to end, insists after ten seconds, and waits until it is gone. */
  stop(): Promise<void>;
}

const POLL_MS = 20;
const STOP_GRACE_MS = 10_000;

/** Starts a daemon in a process group of its own, so that Ctrl-C reaches the tests first, and waits until it serves. */
export async function startDaemon(options: DaemonOptions): Promise<Daemon> {
  const logDescriptor = openSync(options.logFile, "w");
  const child = spawn(options.command, options.args, {
    stdio: ["ignore", logDescriptor, logDescriptor],
    detached: true,
    env: { ...process.env, ...options.env },
  });
  closeSync(logDescriptor);
  const gone = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
  const log = () => readFileSync(options.logFile, "utf8");
  const stop = () => stopChild(child, gone);
  try {
    await untilReady(child, log, options);
  } catch (error) {
    await stop();
    throw error;
  }
  return { pid: child.pid!, log, stop };
}

async function untilReady(
  child: ChildProcess,
  log: () => string,
  options: DaemonOptions,
): Promise<void> {
  const deadline = Date.now() + (options.readyTimeoutMs ?? 30_000);
  while (!await options.ready(log())) {
    const ended = child.exitCode !== null || child.signalCode !== null || child.pid === undefined;
    if (ended || Date.now() > deadline) {
      const problem = ended ? "ended before it served" : "did not serve in time";
      throw new Error(`${options.command} ${problem}. The end of its log:\n${tail(log())}`);
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

async function stopChild(child: ChildProcess, gone: Promise<void>): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGTERM");
  const insist = setTimeout(() => child.kill("SIGKILL"), STOP_GRACE_MS);
  await gone;
  clearTimeout(insist);
}

/** The last lines of a text. */
export function tail(text: string, lines = 30): string {
  return text.trimEnd().split("\n").slice(-lines).join("\n");
}

/**
 * Fires on Ctrl-C or SIGTERM, instead of the sudden end of this process that would leave its daemons behind. Whoever asks
 * for it must then come to an end.
 */
export function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    process.once(name, () => controller.abort(new Error(`Interrupted by ${name}`)));
  }
  return controller.signal;
}

/** A function that does `action` on its first call and gives the same promise on every later one. */
export function once(action: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => done ??= action();
}
