/** A token service for registries: it gives tokens to {@linkcode REGISTRY_LOGIN}, and misbehaves where a test says so. */
import { Buffer } from "node:buffer";
import { createPrivateKey, randomUUID, sign, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import type { AddressInfo } from "node:net";
import type { Certificates } from "./certificates.ts";
import { REGISTRY_LOGIN } from "./registry.ts";

/** What the service takes instead of a password. */
export const REFRESH_TOKEN = "r3fresh";

/** One request for a token. */
export interface TokenCall {
  readonly method: string;
  readonly path: string;
  readonly service: string;
  readonly scopes: readonly string[];
  /** Who asks; `undefined` for nobody. */
  readonly login: { username: string; password: string } | undefined;
  readonly fields: URLSearchParams;
}

/** An answer of a test's own. */
export type TokenReply =
  | { status: number; headers?: Record<string, string>; body?: unknown }
  | "hang";

/** A running service. */
export interface TokenServer extends AsyncDisposable {
  /** What it was asked, in order. */
  readonly calls: readonly TokenCall[];
  readonly origin: string;
  /** What a registry must know of it. */
  readonly token: { realm: string; service: string; issuer: string; bundle: string };
}

/** Options of {@linkcode startTokenServer}. */
export interface TokenServerOptions {
  certificates: Certificates;
  /** Speak TLS. @default false */
  tls?: boolean;
  /** Seconds that tokens are said to live. @default 300 */
  expiresIn?: number;
  /** Answers instead of the service where it returns something. */
  reply?: (call: TokenCall) => TokenReply | undefined;
}

const SERVICE = "registry of the tests";
const ISSUER = "moat";

/** Starts it on a free port. */
export async function startTokenServer(options: TokenServerOptions): Promise<TokenServer> {
  const { certificates, tls = false, expiresIn = 300, reply } = options;
  const calls: TokenCall[] = [];
  const listener: http.RequestListener = async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const call = read(request, body);
    calls.push(call);
    const answer = reply?.(call) ?? serve(call, certificates, expiresIn);
    if (answer === "hang") return;
    response.writeHead(answer.status, { "content-type": "application/json", ...answer.headers });
    const { body: text = {} } = answer;
    response.end(typeof text === "string" ? text : JSON.stringify(text));
  };
  const { cert, key } = certificates.server;
  const server = tls
    ? https.createServer({ cert: readFileSync(cert), key: readFileSync(key) }, listener)
    : http.createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const origin = `${tls ? "https" : "http"}://127.0.0.1:${port}`;
  return {
    calls,
    origin,
    token: {
      realm: `${origin}/token`,
      service: SERVICE,
      issuer: ISSUER,
      bundle: certificates.server.cert,
    },
    [Symbol.asyncDispose]() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function read(request: http.IncomingMessage, body: string): TokenCall {
  const url = new URL(request.url ?? "/", "http://any");
  const fields = request.method === "POST" ? new URLSearchParams(body) : url.searchParams;
  const basic = /^Basic (.*)$/.exec(request.headers.authorization ?? "")?.[1];
  const [username = "", ...rest] = Buffer.from(basic ?? "", "base64").toString().split(":");
  const password = fields.get("password") ?? fields.get("refresh_token");
  return {
    method: request.method ?? "",
    path: url.pathname,
    service: fields.get("service") ?? "",
    scopes: fields.getAll("scope").flatMap((scope) => scope.split(" ")),
    login: basic !== undefined
      ? { username, password: rest.join(":") }
      : password !== null
      ? { username: fields.get("username") ?? "", password }
      : undefined,
    fields,
  };
}

function serve(call: TokenCall, certificates: Certificates, expiresIn: number): TokenReply {
  const { method, login } = call;
  const known = login?.username === REGISTRY_LOGIN.username
    ? login.password === REGISTRY_LOGIN.password
    : login?.username === "" && login.password === REFRESH_TOKEN;
  if (login !== undefined && !known) {
    return { status: 401, body: { details: "incorrect username or password" } };
  }
  const token = issue(call, certificates, login === undefined);
  return {
    status: 200,
    body: { [method === "POST" ? "access_token" : "token"]: token, expires_in: expiresIn },
  };
}

/** A JSON web token as Debian's registry wants it: the certificate in it, ES256. */
function issue({ scopes }: TokenCall, { server }: Certificates, anonymous: boolean): string {
  const now = Math.floor(Date.now() / 1000);
  const access = scopes.map((scope) => {
    const [type = "", name = "", actions = ""] = scope.split(":");
    const wanted = actions.split(",").filter((action) => !anonymous || action === "pull");
    return { type, name, actions: wanted };
  });
  const header = {
    typ: "JWT",
    alg: "ES256",
    x5c: [new X509Certificate(readFileSync(server.cert)).raw.toString("base64")],
  };
  const claims = {
    ...{ iss: ISSUER, sub: anonymous ? "" : "moat", aud: SERVICE, jti: randomUUID() },
    ...{ iat: now, nbf: now - 10, exp: now + 300, access },
  };
  const text = [header, claims].map((part) => base64url(JSON.stringify(part))).join(".");
  const key = createPrivateKey(readFileSync(server.key));
  const signature = sign("sha256", Buffer.from(text), { key, dsaEncoding: "ieee-p1363" });
  return `${text}.${base64url(signature)}`;
}

function base64url(data: string | Uint8Array): string {
  return Buffer.from(data as Uint8Array).toString("base64url");
}
