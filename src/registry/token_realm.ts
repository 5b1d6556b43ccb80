/** Where token services are, and where they send on to. */
import { CredentialsError } from "../errors.ts";
import type { Login } from "./credentials.ts";
import { isLoopback } from "./host.ts";
import type { HttpAnswer, RegistryTls } from "./http_request.ts";
import type { TokenRequest } from "./token_exchange.ts";

/**
 * The realm, if a login may go there.
 *
 * @throws {CredentialsError} if it is no http(s) URL, or the login would be sent in plain text
 */
export function realmUrl(
  { host, realm }: TokenRequest,
  login: Login | undefined,
  tls: RegistryTls | undefined,
): URL {
  const url = URL.canParse(realm) ? new URL(realm) : undefined;
  const usable = url !== undefined && /^https?:$/.test(url.protocol) && url.username === "" &&
    url.password === "";
  if (!usable) {
    throw new CredentialsError(`The registry ${host} names a token service that is no http(s) URL`);
  }
  const secret = login !== undefined && login.password !== "";
  if (secret && url.protocol === "http:" && !isLoopback(url.hostname) && tls?.insecure !== true) {
    throw new CredentialsError(
      `The registry ${host} wants its login sent in plain text, to ${url.origin}. ` +
        `If that network can be trusted, set insecure for ${host} in registryTls (--registry-auth-tlscontext host=${host},insecure=true)`,
    );
  }
  return url;
}

/** Where a redirecting answer sends to; undefined for other answers. */
export function redirection({ status, location }: HttpAnswer, from: URL): URL | undefined {
  if (![301, 302, 303, 307, 308].includes(status) || location === undefined) return undefined;
  if (!URL.canParse(location, from.href)) return undefined;
  const url = new URL(location, from);
  return /^https?:$/.test(url.protocol) ? url : undefined;
}
