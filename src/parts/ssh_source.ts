/** From one entry of the option `ssh` to what answers. Checked before the build, for the daemon says nothing of a failure. */
import { stat } from "node:fs/promises";
import process from "node:process";
import type { Environment } from "../environment.ts";
import { OptionError, PermissionError } from "../errors.ts";
import { isNotCapable, missingForVariable, runWith } from "../runtime/refusal.ts";
import { errorCode, isMissing } from "../files/read_error.ts";
import { readUpTo } from "../files/read_up_to.ts";
import { refuseUnknown, show } from "../options.ts";
import { pathOf } from "../outputs.ts";
import { agentSocket } from "../ssh/agent_socket.ts";
import type { Answer } from "../ssh/connection.ts";
import { keyAgent } from "../ssh/key_agent.ts";
import { parsePrivateKey } from "../ssh/private_key.ts";
import { PrivateKeyError } from "../ssh/private_key_error.ts";
import { rawSocket } from "../ssh/raw_socket.ts";
import { type SigningKey, signingKey, UnknownKeyError } from "../ssh/signing_key.ts";
import { closeSocket, openSocket } from "../ssh/socket.ts";
import { missingFile } from "./missing_file.ts";
import type { SshSource } from "../types.ts";
import { unlessAborted } from "../unless_aborted.ts";

type KeySource = Extract<SshSource, { keys: unknown }>;

/** What sources need of a build. */
export interface SshScope {
  readonly env: Environment;
  readonly signal: AbortSignal;
}

/** Where OpenSSH's agent listens on Windows. */
const WINDOWS_AGENT = "\\\\.\\pipe\\openssh-ssh-agent";

/** Pipes of Windows, which no stat knows. */
const NAMED_PIPE_REGEXP = /^\\\\[.?]\\pipe\\/i;

/** No key is longer; the Go clients read no more either. */
const MAX_KEY_BYTES = 100 * 1024;

/**
 * Checks a source and makes its answer: agents are called once, keys are read and decrypted.
 *
 * @throws {OptionError} if there is no such socket, or a key can't be used
 */
export async function openSshSource(
  option: string,
  source: SshSource,
  scope: SshScope,
): Promise<Answer> {
  if (typeof source !== "object" || source === null) {
    throw new OptionError(option, `${show(source)} is no source`, '{ keys: ["id_ed25519"] }');
  }
  if ("keys" in source) return await openKeys(option, source, scope);
  if ("socket" in source) {
    refuseUnknown(source, ["socket", "raw"], option);
    if (source.raw === true) return rawSocket(await socketAt(option, source.socket));
    throw new OptionError(option, "a socket that is no agent's needs raw: true");
  }
  refuseUnknown(source, ["agent", "keys", "socket"], option);
  const path = await socketAt(option, source.agent ?? defaultAgent(option, scope.env));
  await checkAgent(option, path, scope.signal);
  return agentSocket(path);
}

function defaultAgent(option: string, env: Environment): string {
  const path = env("SSH_AUTH_SOCK");
  if (path) return path;
  const grant = missingForVariable("SSH_AUTH_SOCK");
  if (grant !== undefined) {
    throw new PermissionError(`Cannot read the variable SSH_AUTH_SOCK: ${runWith(grant)}`);
  }
  if (process.platform === "win32") return WINDOWS_AGENT;
  throw new OptionError(
    option,
    "SSH_AUTH_SOCK is not set: no SSH agent runs; start one, or name keys",
  );
}

async function socketAt(option: string, path: string): Promise<string> {
  const socket = pathOf(path, option);
  if (NAMED_PIPE_REGEXP.test(socket)) return socket;
  const found = await stat(socket).catch((error) => refuse(option, socket, error));
  if (found.isSocket()) return socket;
  throw new OptionError(option, `"${socket}" is no socket; private keys are named with keys`);
}

/** A socket stays behind when its agent is killed. */
async function checkAgent(option: string, path: string, signal: AbortSignal): Promise<void> {
  try {
    await closeSocket(await openSocket(path, signal));
  } catch (error) {
    signal.throwIfAborted();
    if (errorCode(error) !== "ECONNREFUSED") refuse(option, path, error);
    throw new OptionError(option, `no agent listens at "${path}" any more`, undefined, error);
  }
}

async function openKeys(option: string, source: KeySource, { signal }: SshScope): Promise<Answer> {
  refuseUnknown(source, ["keys", "passphrase"], option);
  const { keys, passphrase } = source;
  if (!Array.isArray(keys) || keys.length === 0) {
    throw new OptionError(option, "it names no key", '{ keys: ["id_ed25519"] }');
  }
  const parsed: SigningKey[] = [];
  for (const [i, key] of keys.entries()) {
    const name = isKeyText(key) ? `keys[${i}]` : pathOf(key, `${option}.keys[${i}]`);
    const text = isKeyText(key) ? key : await readKey(option, name, signal);
    const ask = passphrase && (() => askCaller(passphrase, name, signal));
    try {
      const { key, comment } = await parsePrivateKey(text, ask);
      parsed.push(signingKey(key, comment || name));
    } catch (error) {
      if (!(error instanceof PrivateKeyError || error instanceof UnknownKeyError)) throw error;
      const problem = `can't use the key ${name}: ${error.message}`;
      throw new OptionError(option, problem, undefined, error.cause);
    }
  }
  return keyAgent(parsed);
}

/** Whether it is no path, but a key, whole or damaged: errors must not show it. */
function isKeyText(key: unknown): key is string {
  return typeof key === "string" && /-----BEGIN|\n|^.{1024}/.test(key);
}

async function readKey(option: string, path: string, signal: AbortSignal): Promise<string> {
  const bytes = await readUpTo(path, MAX_KEY_BYTES, signal).catch((error) => {
    signal.throwIfAborted();
    refuse(option, path, error);
  });
  if (bytes.length <= MAX_KEY_BYTES) return new TextDecoder().decode(bytes);
  throw new OptionError(option, `can't use the key ${path}: it is too large to be a key`);
}

/** Has the caller asked, who may throw anything. */
async function askCaller(
  passphrase: NonNullable<KeySource["passphrase"]>,
  name: string,
  signal: AbortSignal,
): Promise<string> {
  let answer: unknown;
  try {
    answer = await unlessAborted(Promise.resolve(passphrase(name, signal)), signal);
  } catch (error) {
    signal.throwIfAborted();
    throw new PrivateKeyError("the function for its passphrase failed; the cause is why", error);
  }
  if (typeof answer === "string") return answer;
  throw new PrivateKeyError("the function for its passphrase returned no string");
}

/** Says why a path can't be used. */
function refuse(option: string, path: string, error: unknown): never {
  if (isNotCapable(error)) {
    const flags =
      `--allow-read=${path}, for a socket also --allow-write=${path} --allow-net=unix:${path}`;
    const text = `Cannot use ${path}: ${runWith(flags)}`;
    throw new PermissionError(text, { cause: error });
  }
  const problem = isMissing(error)
    ? missingFile(path)
    : `"${path}" can't be used (${errorCode(error) || String(error)})`;
  throw new OptionError(option, problem, undefined, error);
}
