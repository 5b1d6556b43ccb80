/** Deno's refusals for lack of a permission: what to grant, from what they say. */
import { PermissionError } from "../errors.ts";
import { mayConnect, mayReadVariable, mayUse } from "./permissions.ts";

/** Whether `error` is one. */
export function isNotCapable(error: unknown): boolean {
  return error instanceof Error && error.name === "NotCapable";
}

const REFUSAL_REGEXP = /^Requires (\w+) access(?: to "(.*)")?/s;

/** The flag that `error` asks for, for example `--allow-read=/context`; undefined if it is no refusal. */
export function missingGrant(error: unknown): string | undefined {
  if (!isNotCapable(error)) return undefined;
  const [, kind, what] = REFUSAL_REGEXP.exec((error as Error).message) ?? [];
  if (kind === undefined) return undefined;
  return what === undefined ? `--allow-${kind}` : `--allow-${kind}=${what}`;
}

/** How a message ends about something that Deno's permissions forbid. */
export function runWith(flags: string): string {
  return `Deno's permissions do not allow it. Run with ${flags}`;
}

/** The flag without which this variable can't be read; undefined where it can. */
export function missingForVariable(name: string): string | undefined {
  return mayReadVariable(name) ? undefined : `--allow-env=${name}`;
}

/** The flags without which a folder can't be read and written; undefined where it can. */
export function missingForFolder(path: string): string | undefined {
  return mayUse(path) ? undefined : `--allow-read=${path} --allow-write=${path}`;
}

/** The flag without which nothing can be connected to there; undefined where it can. */
export function missingForHost(name: string, port: number): string | undefined {
  const host = name.includes(":") ? `[${name}]:${port}` : `${name}:${port}`;
  return mayConnect(host) ? undefined : `--allow-net=${host}`;
}

/** The error for a file that Deno's permissions forbid to read; undefined where `error` is about something else. */
export function readRefused(path: string, error: unknown): PermissionError | undefined {
  if (!isNotCapable(error)) return undefined;
  const text = `Cannot read ${path}: ${runWith(`--allow-read=${path}`)}`;
  return new PermissionError(text, { cause: error });
}

/** `error` itself, or one of ours if Deno's permissions are behind it and nothing has said so yet. */
export function explainRefusal(error: unknown): unknown {
  const grant = missingGrant(error);
  if (grant === undefined) return error;
  return new PermissionError(`Cannot go on: ${runWith(grant)}`, { cause: error });
}
