/** From one entry of the option `secrets` to its value. No message says anything of a value but its size. */
import { closeSync, openSync, readFileSync, statSync } from "node:fs";
import type { Environment } from "../environment.ts";
import { OptionError, PermissionError, SecretError } from "../errors.ts";
import { errorCode, isMissing } from "../files/read_error.ts";
import { readUpTo } from "../files/read_up_to.ts";
import { refuseUnknown } from "../options.ts";
import { pathOf } from "../outputs.ts";
import { missingFile } from "./missing_file.ts";
import { isNotCapable, missingForVariable, readRefused, runWith } from "../runtime/refusal.ts";
import type { SecretSource, SecretValue } from "../types.ts";

/** As the Go clients and the Dockerfile's documentation have it: 500 KiB. */
const MAX_SECRET_BYTES = 500 * 1024;

/** What sources need of a build. */
export interface SecretScope {
  readonly env: Environment;
  /** Fires when the build is canceled or over. */
  readonly signal: AbortSignal;
}

/** A secret that was checked. */
export interface OpenSecret {
  /** Gets the value; undefined if there turns out to be none. */
  read(): Promise<Uint8Array | undefined>;
  /** The value as far as it can be had without asking anybody; undefined if not. */
  peek?(): Uint8Array | undefined;
}

type SecretFunction = (signal: AbortSignal) => SecretValue | Promise<SecretValue>;

/**
 * Checks a source.
 *
 * @throws {OptionError} if it has no value, or one that is too large, or can't be read
 */
export function openSecret(id: string, source: SecretSource, scope: SecretScope): OpenSecret {
  const option = `secrets.${id}`;
  if (typeof source === "string" || source instanceof Uint8Array) {
    return known(option, bytesOf(source));
  }
  if (typeof source === "function") {
    return { read: once(() => askFunction(id, source, scope.signal)) };
  }
  if (typeof source !== "object" || source === null || ("file" in source) === ("env" in source)) {
    throw new OptionError(option, "it is no value, file, variable or function", '{ env: "TOKEN" }');
  }
  refuseUnknown(source, ["file", "env"], option);
  if ("env" in source) return known(option, bytesOf(variable(option, source.env, scope.env)));
  const path = pathOf(source.file, option);
  checkFile(option, path);
  return { read: () => readFile(id, path, scope.signal), peek: () => peekFile(path) };
}

function known(option: string, value: Uint8Array): OpenSecret {
  checkSize(option, value.length);
  return { read: () => Promise.resolve(value), peek: () => value };
}

/** Of a file that is small enough, and no pipe. */
function peekFile(path: string): Uint8Array | undefined {
  try {
    const stat = statSync(path);
    if (!stat.isFile() || stat.size > MAX_SECRET_BYTES) return undefined;
    return readFileSync(path);
  } catch (error) {
    // Whoever asks for it is told; nobody has.
    if (isNotCapable(error) || errorCode(error) !== "") return undefined;
    throw error;
  }
}

function once<T>(get: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | undefined;
  return () => asked ??= get();
}

function bytesOf(value: string | Uint8Array): Uint8Array {
  return typeof value === "string" ? new TextEncoder().encode(value) : value;
}

function variable(option: string, name: unknown, env: Environment): string {
  if (typeof name !== "string" || name === "") {
    throw new OptionError(option, "env is no variable's name", '{ env: "TOKEN" }');
  }
  const value = env(name);
  if (value === undefined) {
    const grant = missingForVariable(name);
    if (grant === undefined) throw new OptionError(option, `the variable ${name} is not set`);
    throw new PermissionError(`Cannot read the variable ${name}: ${runWith(grant)}`);
  }
  return value;
}

function checkFile(option: string, path: string): void {
  try {
    const stat = statSync(path);
    if (stat.isDirectory()) throw new OptionError(option, `"${path}" is a folder`);
    checkSize(option, stat.size);
    // Access itself is a question that Deno wants to know the user for. A pipe is not opened before it is read.
    if (stat.isFile()) closeSync(openSync(path, "r"));
  } catch (error) {
    if (error instanceof OptionError) throw error;
    const refused = readRefused(path, error);
    if (refused !== undefined) throw refused;
    const problem = isMissing(error)
      ? missingFile(path)
      : `"${path}" can't be read (${errorCode(error)})`;
    throw new OptionError(option, problem, undefined, error);
  }
}

function checkSize(option: string, size: number): void {
  if (size <= MAX_SECRET_BYTES) return;
  throw new OptionError(option, `the secret has ${tooLarge(size)}`);
}

function tooLarge(size: number | string): string {
  return `${size} bytes, and a secret can't have more than ${MAX_SECRET_BYTES}`;
}

/** A file is read each time, as it is then; one that has grown without end is not read further than it may be. */
async function readFile(id: string, path: string, signal: AbortSignal): Promise<Uint8Array> {
  let value: Uint8Array;
  try {
    value = await readUpTo(path, MAX_SECRET_BYTES, signal);
  } catch (error) {
    signal.throwIfAborted();
    const text = `Cannot read the secret ${id} from ${path}: ${errorCode(error)}`;
    throw new SecretError("SECRET_UNREADABLE", id, text, error);
  }
  refuseTooLarge(id, value.length, `more than ${MAX_SECRET_BYTES}`);
  return value;
}

/** What a function throws may tell the value: the message, which the builder gets and keeps, is all ours. */
async function askFunction(
  id: string,
  get: SecretFunction,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  let value: unknown;
  try {
    value = await get(signal);
  } catch (error) {
    signal.throwIfAborted();
    const text = `Cannot get the secret ${id}: its function failed; the cause is why`;
    throw new SecretError("SECRET_FUNCTION_FAILED", id, text, error);
  }
  if (value === undefined) return undefined;
  if (typeof value !== "string" && !(value instanceof Uint8Array)) {
    const text = `Cannot use the secret ${id}: its function returned neither a string nor bytes`;
    throw new SecretError("SECRET_FUNCTION_FAILED", id, text);
  }
  const bytes = bytesOf(value);
  refuseTooLarge(id, bytes.length, bytes.length);
  return bytes;
}

function refuseTooLarge(id: string, size: number, said: number | string): void {
  if (size <= MAX_SECRET_BYTES) return;
  throw new SecretError(
    "SECRET_TOO_LARGE",
    id,
    `Cannot use the secret ${id}: it has ${tooLarge(said)}`,
  );
}
