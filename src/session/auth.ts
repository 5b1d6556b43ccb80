/** The session's Auth service: the daemon asks for logins and tokens (session/auth, util/resolver/authorizer.go). */
import { type Environment, readEnvironment } from "../environment.ts";
import { CredentialsError } from "../errors.ts";
import { mayConnect } from "../runtime/permissions.ts";
import { Auth, type FetchTokenRequest, type FetchTokenResponse } from "../gen/auth.ts";
import type { CredentialStore } from "../registry/credentials.ts";
import { hostAndPort, HUB_KEY, registryKey } from "../registry/host.ts";
import type { RegistryTls } from "../registry/http_request.ts";
import type { Handlers } from "../rpc/call.ts";
import { RpcError, StatusCode } from "../rpc/status.ts";
import { unary } from "../rpc/unary.ts";
import type { Logger } from "../types.ts";

/** Options of {@linkcode authHandlers}. */
export interface AuthOptions {
  /** TLS to registries' token services, by `registryKey()`. @default nothing special */
  tls?: ReadonlyMap<string, RegistryTls> | undefined;
  /** Looks up environment variables. @default the process's environment */
  env?: Environment | undefined;
  /** Told where tokens come from; never a token. */
  logger?: Logger | undefined;
}

/**
 * Serves logins from `store`. A registry without one is answered with empty fields, which means anonymous.
 *
 * Where a registry takes tokens, they are fetched here, and the login stays on this machine. A daemon that is told that there
 * is no authority for tokens asks for the login and exchanges it itself: so it is with `BUILDKIT_NO_CLIENT_TOKEN`, and under
 * Deno without the permission to connect to the token service, and with a proxy of a kind that is not known here.
 */
export function authHandlers(store: CredentialStore, options: AuthOptions = {}): Handlers {
  const { env = readEnvironment } = options;
  const key = async (host: string, salt: Uint8Array, signal: AbortSignal) => {
    await refuseAuthority(host, env);
    const { authorityKey } = await import("./token_authority.ts");
    return await authorityKey(host, salt, { login: await store.lookup(host, signal), env });
  };
  return {
    [Auth.credentials.path]: unary(Auth.credentials, async ({ host }, call) => {
      const login = await store.lookup(host, call.signal);
      return { username: login?.username ?? "", secret: login?.password ?? "" };
    }),
    [Auth.fetchToken.path]: unary(
      Auth.fetchToken,
      (request, call) => token(store, request, options, call.signal),
    ),
    [Auth.getTokenAuthority.path]: unary(Auth.getTokenAuthority, async ({ host, salt }, call) => {
      const { publicBytes } = await import("./token_authority.ts");
      return { publicKey: publicBytes(await key(host, salt, call.signal)) };
    }),
    [Auth.verifyTokenAuthority.path]: unary(Auth.verifyTokenAuthority, async (request, call) => {
      const { signed } = await import("./token_authority.ts");
      const { host, salt, payload } = request;
      return { signed: signed(await key(host, salt, call.signal), payload) };
    }),
  };
}

async function token(
  store: CredentialStore,
  { host, realm, service, scopes }: FetchTokenRequest,
  { tls, env = readEnvironment, logger }: AuthOptions,
  signal: AbortSignal,
): Promise<Partial<FetchTokenResponse>> {
  const login = await store.lookup(host, signal, scopes);
  const { DEFAULT_LIFE } = await import("../registry/token_answer.ts");
  if (login?.registryToken !== undefined) {
    return { token: login.registryToken, expiresIn: BigInt(DEFAULT_LIFE) };
  }
  const { fetchToken, missingPermission } = await import("../registry/token_exchange.ts");
  const { proxyFor } = await import("../registry/http_proxy.ts");
  const proxy = (url: URL) => proxyFor(url, env);
  if (URL.canParse(realm)) {
    const first = proxy(new URL(realm)) ?? new URL(realm);
    if (!mayConnect(hostAndPort(first))) {
      throw missingPermission(`Cannot fetch a token for ${host}: `, first);
    }
  }
  const request = { host, realm, service, scopes };
  const { systemAuthorities } = await import("./system_authorities.ts");
  const fetched = await fetchToken(request, login, {
    tls: tls?.get(registryKey(host)),
    authorities: () => systemAuthorities(env),
    proxy,
    signal,
  });
  const who = login === undefined ? "anonymous token" : "token";
  logger?.debug?.(`${who} for ${scopes.join(" ") || host} fetched from ${new URL(realm).host}`);
  return {
    token: fetched.token,
    expiresIn: BigInt(fetched.expiresIn),
    issuedAt: BigInt(fetched.issuedAt),
  };
}

/** Where tokens of Docker Hub come from. */
const HUB_TOKENS = "auth.docker.io";
const TRUE_REGEXP = /^(?:1|t|T|TRUE|true|True)$/;

/** Throws what makes the daemon exchange tokens itself. */
async function refuseAuthority(host: string, env: Environment): Promise<void> {
  const reason = TRUE_REGEXP.test(env("BUILDKIT_NO_CLIENT_TOKEN") ?? "")
    ? "BUILDKIT_NO_CLIENT_TOKEN is set"
    : await obstacle(host, env);
  if (reason !== undefined) throw new RpcError(StatusCode.UNAVAILABLE, reason);
}

/** Why this side can't fetch tokens. The token service is not known yet: it is most often the registry's own host. */
async function obstacle(host: string, env: Environment): Promise<string | undefined> {
  const service = `https://${registryKey(host) === HUB_KEY ? HUB_TOKENS : host}`;
  if (!URL.canParse(service)) return `${host} is no host of a URL`;
  const url = new URL(service);
  const { proxyFor } = await import("../registry/http_proxy.ts");
  try {
    const first = hostAndPort(proxyFor(url, env) ?? url);
    return mayConnect() || mayConnect(first) ? undefined : `Deno's permissions forbid ${first}`;
  } catch (error) {
    // The builder may have a way of its own.
    if (error instanceof CredentialsError) return error.message;
    throw error;
  }
}
