/** Docker's credential helpers: programs that know logins (docker-credential-helpers client/client.go). */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { CredentialsError } from "../errors.ts";
import type { Credentials } from "./credentials.ts";
import { type Environment, helperEnvironment, isNotCapable } from "../environment.ts";

/** What all helpers print when they know no login. */
const NOT_FOUND = "credentials not found in native keychain";
/** The user name with which a helper says that the secret is an identity token. */
const TOKEN_USER = "<token>";
/** Far more than any login; a helper that prints on is broken. */
const MAX_OUTPUT = 1 << 20;

/** A helper as a configuration names it. */
export interface CredentialHelper {
  /** The part of the program's name after `docker-credential-`. */
  name: string;
  /** The configuration that names it, for messages. */
  source: string;
}

/** How a helper ended and what it printed. */
interface Finished {
  code: number | null;
  killedBy: string | null;
  stdout: string;
  stderr: string;
}

/**
 * Asks a helper for the login of `key`; undefined if it has none. The helper is killed when `signal` fires; the promise
 * then rejects with its reason. Throws a `CredentialsError` when the helper cannot be run or fails.
 */
export async function runCredentialHelper(
  helper: CredentialHelper,
  key: string,
  options: { env: Environment; signal: AbortSignal },
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
  const how = result.code === null
    ? `was killed by ${result.killedBy}`
    : `exited with ${result.code}`;
  throw new CredentialsError(
    `${subject}, ${how}${complaint(result)}. Try it: echo ${key} | ${program} get`,
  );
}

/** Runs the program to its end with `key` on its stdin. Rejects if it does not start. */
async function run(
  program: string,
  key: string,
  options: { env: Environment; signal: AbortSignal },
): Promise<Finished> {
  options.signal.throwIfAborted();
  const child = spawn(program, ["get"], { env: helperEnvironment(options.env) });
  const kill = () => {
    child.kill("SIGKILL");
    // What the helper started may live on and hold the pipes.
    child.stdout.destroy();
    child.stderr.destroy();
  };
  options.signal.addEventListener("abort", kill);
  return await finish(child, key).finally(() => options.signal.removeEventListener("abort", kill));
}

function finish(child: ChildProcessWithoutNullStreams, key: string): Promise<Finished> {
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      output[name] += text;
      if (output[name].length > MAX_OUTPUT) child.kill("SIGKILL");
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
function complaint(result: Finished): string {
  const text = result.stdout.trim() || result.stderr.trim();
  const line = text.split("\n")[0]!.slice(0, 200);
  return line === "" || line.includes("{") ? "" : ` and said: ${line}`;
}
