/** What token services answer (distribution's token specification; containerd remotes/docker/auth). */
import { CredentialsError } from "../errors.ts";

/** A bearer token. */
export interface Token {
  readonly token: string;
  /** Seconds that it is valid, from `issuedAt`. */
  readonly expiresIn: number;
  /** Seconds since the epoch; 0 where it is not known. */
  readonly issuedAt: number;
}

/** How long a token lives whose service says nothing, in seconds. */
export const DEFAULT_LIFE = 60;

/** No token lives longer, in seconds: a year. */
const MAX_LIFE = 31_536_000;
const TOKEN_REGEXP = /^[\x21-\x7e]+$/;

/**
 * Reads an answer; `where` is the service, for messages.
 *
 * @throws {CredentialsError} if there is no token in it; nothing of the answer is shown
 */
export function parseToken(text: string, where: string): Token {
  const { access_token, token, expires_in, issued_at } = parseObject(text) ??
    fail(where, "is no JSON object");
  const found = access_token || token;
  if (typeof found !== "string" || found === "") fail(where, "has no token in it");
  // It becomes a header.
  if (!TOKEN_REGEXP.test(found)) fail(where, "has a token with characters that no token has");
  const life = typeof expires_in === "number" && expires_in >= 1
    ? Math.min(Math.trunc(expires_in), MAX_LIFE)
    : DEFAULT_LIFE;
  const issued = typeof issued_at === "string" ? Date.parse(issued_at) : NaN;
  const issuedAt = Number.isNaN(issued) || issued < 0 ? 0 : Math.trunc(issued / 1000);
  return { token: found, expiresIn: life, issuedAt };
}

/** What a refusal says of its reason, on one line; empty if nothing, or if it repeats the password. */
export function refusalDetail(text: string, password: string | undefined): string {
  const { error_description, details, message, errors, error } = parseObject(text) ?? {};
  const [first] = Array.isArray(errors) ? errors : [];
  const candidates = [error_description, details, message, first?.message, error];
  const detail = candidates.find((item) => typeof item === "string" && item !== "") ?? "";
  if (password && detail.includes(password)) return "";
  return detail.replace(/[^\x20-\x7e]+/g, " ").slice(0, 200).trim();
}

function parseObject(text: string): Record<string, unknown> | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // A SyntaxError; it would quote the answer, which may hold a token.
    return undefined;
  }
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? value as Record<string, unknown>
    : undefined;
}

function fail(where: string, problem: string): never {
  throw new CredentialsError(`The answer of the token service ${where} ${problem}`);
}
