/**
 * A login exchanged for a registry's bearer token (distribution's "Token Authentication" and "OAuth2 Token Authentication",
 * session/auth/authprovider).
 */
import { Buffer } from "node:buffer";
import { CredentialsError } from "../errors.ts";
import type { Login } from "./credentials.ts";
import { hostAndPort } from "./host.ts";
import {
  AnswerTooLong,
  type HttpAnswer,
  type HttpRequest,
  httpRequest,
  type RegistryTls,
} from "./http_request.ts";
import { realmUrl, redirection } from "./token_realm.ts";
import { parseToken, refusalDetail, type Token } from "./token_answer.ts";
import { isNotCapable } from "../runtime/refusal.ts";

/** What a token is wanted for, as the registry's challenge says. */
export interface TokenRequest {
  /** The registry's host. */
  readonly host: string;
  /** The token service's URL. */
  readonly realm: string;
  readonly service: string;
  readonly scopes: readonly string[];
}

/** Options of {@linkcode fetchToken}. */
export interface TokenOptions {
  readonly tls?: RegistryTls | undefined;
  /** More authorities (PEM), asked for where the service is not trusted by the usual ones. @default none */
  readonly authorities?: () => Uint8Array | undefined;
  /** The proxy for a URL. @default none */
  readonly proxy?: (url: URL) => URL | undefined;
  readonly signal: AbortSignal;
  /** Milliseconds for all of it; the daemon waits for 60 s. @default 30_000 */
  timeoutMs?: number;
  /** Milliseconds before each new attempt when the service fails. @default [1_000, 2_000, 4_000] */
  retryDelaysMs?: readonly number[];
}

/** The service refused, which is for the daemon to tell: it knows what for. */
export class TokenRefused extends Error {
  /** The HTTP status. */
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const CLIENT_ID = "buildkit-client";
const MAX_ANSWER_BYTES = 1 << 20;
const MAX_REDIRECTS = 5;
/** What the environment variable says that lets the daemon do it all. */
const INSTEAD =
  "or set BUILDKIT_NO_CLIENT_TOKEN=1 to let the builder do it, which then gets the login";

/**
 * Fetches a token, without a login an anonymous one. A password goes to the realm's own host and to nowhere else, and never
 * in plain text, unless that host is this machine or `tls.insecure` is set.
 *
 * @throws {TokenRefused} if the service refuses
 * @throws {CredentialsError} if it can't be asked, or its answer is no token
 */
export async function fetchToken(
  request: TokenRequest,
  login: Login | undefined,
  options: TokenOptions,
): Promise<Token> {
  const realm = realmUrl(request, login, options.tls);
  const { timeoutMs = 30_000 } = options;
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), timeoutMs);
  const signal = AbortSignal.any([options.signal, deadline.signal]);
  const exchange = new Exchange(request, realm, { ...options, signal });
  try {
    return parseToken(await exchange.run(login), exchange.where);
  } catch (error) {
    options.signal.throwIfAborted();
    if (error instanceof TokenRefused || error instanceof CredentialsError) throw error;
    const cause = deadline.signal.aborted ? new Error(`no answer in ${timeoutMs / 1000} s`) : error;
    throw unreachable(exchange.where, realm, request.host, cause);
  } finally {
    clearTimeout(timer);
  }
}

class Exchange {
  /** The service, as messages name it: query parts may be secret. */
  readonly where: string;
  readonly #request: TokenRequest;
  readonly #realm: URL;
  readonly #options: TokenOptions;
  #tls: RegistryTls | undefined;
  #askedAuthorities = false;

  constructor(request: TokenRequest, realm: URL, options: TokenOptions) {
    this.where = `${realm.origin}${realm.pathname}`;
    this.#request = request;
    this.#realm = realm;
    this.#options = options;
    this.#tls = options.tls;
  }

  /** The text of the answer with the token. */
  async run(login: Login | undefined): Promise<string> {
    if (login === undefined || login.password === "") return await this.#get(undefined);
    try {
      return await this.#post(login);
    } catch (error) {
      if (!(error instanceof TokenRefused)) throw error;
      // Services that know only GET: GCR says 404, Artifactory 401 (session/auth/authprovider).
      const { status } = error;
      const getMayDo = status === 404 || status === 401 || status === 405 && login.username !== "";
      if (!getMayDo) throw error;
      return await this.#get(login);
    }
  }

  #post({ username, password }: Login): Promise<string> {
    const { service, scopes } = this.#request;
    const form = new URLSearchParams({
      ...(scopes.length > 0 && { scope: scopes.join(" ") }),
      service,
      client_id: CLIENT_ID,
      ...(username === ""
        ? { grant_type: "refresh_token", refresh_token: password }
        : { grant_type: "password", username, password }),
    });
    const headers = { "content-type": "application/x-www-form-urlencoded; charset=utf-8" };
    return this.#send("POST", this.#realm, headers, { body: form.toString(), password });
  }

  #get(login: Login | undefined): Promise<string> {
    const url = new URL(this.#realm);
    const { service, scopes } = this.#request;
    if (service !== "") url.searchParams.append("service", service);
    for (const scope of scopes) url.searchParams.append("scope", scope);
    if (login === undefined) return this.#send("GET", url, {}, {});
    const basic = Buffer.from(`${login.username}:${login.password}`).toString("base64");
    const headers = { authorization: `Basic ${basic}` };
    return this.#send("GET", url, headers, { password: login.password });
  }

  async #send(
    method: "GET" | "POST",
    url: URL,
    headers: Readonly<Record<string, string>>,
    { body = "", password }: { body?: string; password?: string },
  ): Promise<string> {
    let target = url;
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      const answer = await this.#attempt({ method, url: target, headers, body });
      if (answer.status >= 200 && answer.status < 300) return answer.text;
      const next = redirection(answer, target);
      if (next === undefined) throw this.#refused(answer, password);
      // What follows would carry the login on, to wherever the service likes.
      if (password !== undefined && next.origin !== target.origin) {
        throw new CredentialsError(
          `The token service ${this.where} of ${this.#request.host} wants the login at ${next.origin}, another host: that was refused`,
        );
      }
      if (method === "POST" && answer.status < 307) throw this.#refused(answer, password);
      target = next;
    }
    throw new CredentialsError(`The token service ${this.where} redirects without end`);
  }

  /** One request, repeated while the service fails. */
  async #attempt(request: HttpRequest): Promise<HttpAnswer> {
    const { signal, retryDelaysMs = [1_000, 2_000, 4_000] } = this.#options;
    const headers = { ...request.headers, "user-agent": "moat-build", accept: "application/json" };
    for (const delay of [...retryDelaysMs, undefined]) {
      try {
        const answer = await this.#trusted({ ...request, headers });
        if (answer.status < 500 || delay === undefined) return answer;
      } catch (error) {
        if (delay === undefined || signal.aborted || !isPassing(error)) throw error;
      }
      await pause(delay, signal);
    }
    throw new Error("unreachable");
  }

  /** One request; where the service is not trusted, another with the machine's own authorities. */
  async #trusted(request: HttpRequest): Promise<HttpAnswer> {
    const send = () => {
      const { signal, proxy } = this.#options;
      return httpRequest(request, {
        tls: this.#tls,
        proxy: proxy?.(request.url),
        signal,
        maxBytes: MAX_ANSWER_BYTES,
      });
    };
    try {
      return await send();
    } catch (error) {
      if (this.#askedAuthorities || !isUntrusted(error)) throw error;
      this.#askedAuthorities = true;
      const more = this.#options.authorities?.();
      if (more === undefined) throw error;
      const { ca = new Uint8Array() } = this.#tls ?? {};
      this.#tls = { ...this.#tls, ca: Buffer.concat([ca, Buffer.from("\n"), more]) };
      return await send();
    }
  }

  #refused({ status, reason, text }: HttpAnswer, password: string | undefined): TokenRefused {
    const { host, scopes } = this.#request;
    const detail = refusalDetail(text, password);
    const said = [`${status} ${reason}`.trimEnd(), ...(detail === "" ? [] : [detail])].join(": ");
    // The daemon drops what it puts before this: diagnosis/registry.ts reads it.
    return new TokenRefused(
      status,
      `failed to fetch a token for ${host} (${scopes.join(" ")}): ${this.where} answered ${said}`,
    );
  }
}

const PASSING = ["ECONNRESET", "EPIPE", "EAI_AGAIN", "ETIMEDOUT"];

function isPassing(error: unknown): boolean {
  return PASSING.includes((error as NodeJS.ErrnoException).code ?? "");
}

/** Whether the other side's certificate is not trusted, as Node says it; Deno has no code for it. */
function isUntrusted(error: unknown): boolean {
  return error instanceof Error &&
    /self.signed certificate|unable to (?:verify|get)|UnknownIssuer|unknown issuer/i.test(
      error.message,
    );
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", abort);
      resolve();
    }, ms);
    signal.addEventListener("abort", abort, { once: true });
    if (signal.aborted) abort();
  });
}

function unreachable(where: string, realm: URL, host: string, cause: unknown): CredentialsError {
  const start = `Cannot ask ${where} for a token for ${host}: `;
  if (isNotCapable(cause)) return missingPermission(start, realm, cause);
  const advice = cause instanceof AnswerTooLong
    ? "Is it a token service?"
    : /certificate|alert/i.test((cause as Error).message)
    ? `Give its authority, or a client's certificate, in registryTls (--registry-auth-tlscontext host=${host},ca=FILE), ${INSTEAD}`
    : `Check that this machine reaches ${realm.host}, ${INSTEAD}`;
  return new CredentialsError(`${start}${(cause as Error).message}. ${advice}`, { cause });
}

/** For Deno without the permission to connect to `service`. */
export function missingPermission(start: string, service: URL, cause?: unknown): CredentialsError {
  const allow = `--allow-net=${hostAndPort(service)}`;
  return new CredentialsError(
    `${start}Deno's permissions do not allow it. Run with ${allow}, ${INSTEAD}`,
    { cause },
  );
}
