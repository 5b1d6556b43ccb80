/** Docker's credential helpers: programs that know logins (docker-credential-helpers client/client.go). */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import process from "node:process";
import { CredentialsError } from "../errors.ts";
import type { Credentials } from "./credentials.ts";
import { type Environment, helperEnvironment } from "../environment.ts";
import { mayRunAll } from "../runtime/permissions.ts";
import { isNotCapable } from "../runtime/refusal.ts";

/** What all helpers print when they know no login. */
const NOT_FOUND = "credentials not found in native keychain";
/** The user name with which a helper says that the secret is an identity token. */
const TOKEN_USER = "<token>";
/** Far more than any login; a helper that prints on is broken. */
const MAX_OUTPUT = 1 << 20;
/** How long a helper may take, in milliseconds: time to unlock a keychain, and no more. */
const DEADLINE_MS = 30_000;
/** Windows has none, and shows a window for a program that is detached. */
const HAS_GROUPS = process.platform !== "win32";

/** A helper as a configuration names it. */
export interface CredentialHelper {
  /** The part of the program's name after `docker-credential-`. */
  name: string;
  /** The configuration that names it, for messages. */
  source: string;
}

/** What a helper is run with. */
interface RunOptions {
  env: Environment;
  signal: AbortSignal;
  /** Milliseconds that it may take. @default 30000 */
  timeoutMs?: number;
}

/** How a helper ended and what it printed. */
interface Finished {
  code: number | null;
  killedBy: string | null;
  late: boolean;
  stdout: string;
  stderr: string;
}

/**
 * Asks a helper for the login of `key`; undefined if it has none. The helper is killed, with all that it started, when its
 * time is over or `signal` fires; the promise then rejects with its reason. Throws a `CredentialsError` when the helper
 * cannot be run, fails or takes too long.
 */
export async function runCredentialHelper(
  helper: CredentialHelper,
  key: string,
  options: RunOptions,
): Promise<Credentials | undefined> {
  const program = `docker-credential-${helper.name}`;
  const subject = `${program}, which ${helper.source} names for ${key}`;
  if (!/^[\w.-]+$/.test(helper.name)) {
    throw new CredentialsError(
      `Cannot run a credential helper named ${JSON.stringify(helper.name)}: ` +
        `correct its name in ${helper.source}, where a plain word such as "pass" belongs`,
    );
  }
  const result = await run(program, key, options).catch((error) => {
    options.signal.throwIfAborted();
    throw new CredentialsError(`Cannot run ${subject}: ${startProblem(error, program, helper)}`, {
      cause: error,
    });
  });
  options.signal.throwIfAborted();
  if (result.code === 0) return parseLogin(result.stdout, subject);
  if (result.stdout.trim() === NOT_FOUND) return undefined;
  throw new CredentialsError(
    `${subject}, ${ending(result, options)}${
      complaint(result)
    }. Try it: echo ${key} | ${program} get`,
  );
}

function ending({ code, killedBy, late }: Finished, { timeoutMs = DEADLINE_MS }: RunOptions) {
  if (late) return `gave no answer for ${timeoutMs / 1000} s and was killed`;
  return code === null ? `was killed by ${killedBy}` : `exited with ${code}`;
}

/** Runs the program to its end with `key` on its stdin. Rejects if it does not start. */
async function run(
  program: string,
  key: string,
  { env, signal, timeoutMs = DEADLINE_MS }: RunOptions,
): Promise<Finished> {
  signal.throwIfAborted();
  // In a process group of its own, so that what it starts ends with it.
  const child = spawn(program, ["get"], { env: helperEnvironment(env), detached: HAS_GROUPS });
  let late = false;
  const kill = () => {
    killGroup(child);
    // What the helper started may have left the group, and hold the pipes.
    child.stdout.destroy();
    child.stderr.destroy();
  };
  const timer = setTimeout(() => {
    late = true;
    kill();
  }, timeoutMs);
  signal.addEventListener("abort", kill);
  try {
    const finished = await finish(child, key);
    return { ...finished, late };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", kill);
  }
}

/** Kills the helper, and what it started where Deno's permissions let groups be killed. */
function killGroup(child: ChildProcessWithoutNullStreams): void {
  child.kill("SIGKILL");
  if (!HAS_GROUPS || child.pid === undefined || !mayRunAll()) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch (error) {
    // Nobody is left in it.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

function finish(
  child: ChildProcessWithoutNullStreams,
  key: string,
): Promise<Omit<Finished, "late">> {
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      output[name] += text;
      if (output[name].length > MAX_OUTPUT) killGroup(child);
    });
  }
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, killedBy) => resolve({ code, killedBy, ...output }));
    // A helper may exit without reading: that is its business, its exit code and output tell the rest.
    child.stdin.on("error", () => {});
    child.stdin.end(key);
  });
}

function startProblem(error: unknown, program: string, helper: CredentialHelper): string {
  if (isNotCapable(error)) {
    return `Deno's permissions do not allow it. Run with --allow-run=${program} --allow-env`;
  }
  const code = (error as NodeJS.ErrnoException).code;
  if (code === "ENOENT") {
    return `it is not on PATH. Install it, or take it out of ${helper.source}`;
  }
  return code === "EACCES" ? "it is not executable" : (error as Error).message;
}

function parseLogin(stdout: string, subject: string): Credentials | undefined {
  let login: { Username?: unknown; Secret?: unknown } | null;
  try {
    login = JSON.parse(stdout);
  } catch {
    // A SyntaxError; it would quote the secret, so nothing of it goes on.
    login = null;
  }
  const { Username: username = "", Secret: password = "" } = login ?? { Secret: null };
  if (typeof username !== "string" || typeof password !== "string") {
    throw new CredentialsError(
      `${subject}, did not print a login: no JSON with Username and Secret`,
    );
  }
  if (password === "" && username === "") return undefined;
  return username === TOKEN_USER ? { username: "", password } : { username, password };
}

/** The first line that a failing helper printed, unless it may hold a login. */
function complaint({ stdout, stderr, late }: Finished): string {
  // One that is stuck may have printed half of a login, and what it waits for is on stderr.
  const text = late ? stderr.trim() : stdout.trim() || stderr.trim();
  const line = text.split("\n")[0]!.slice(0, 200);
  return line === "" || line.includes("{") ? "" : ` and said: ${line}`;
}
