/** Logins in the headers that the engine reads (moby api/types/registry). */
import { Buffer } from "node:buffer";
import type { Login } from "../registry/credentials.ts";

/** The value of X-Registry-Auth: one login; without one, the empty login that the engine insists on. */
export function registryAuth(login: Login | undefined, host: string): string {
  return encode(login === undefined ? {} : fields(login, host));
}

/** The value of X-Registry-Config: logins by registry. */
export function registryConfig(logins: ReadonlyMap<string, Login>): string {
  return encode(Object.fromEntries(
    [...logins].map(([host, login]) => [host, fields(login, host)]),
  ));
}

/** A login without a username is an identity token. */
function fields(
  { username, password, registryToken }: Login,
  host: string,
): Record<string, string> {
  return {
    ...(username === "" ? { identitytoken: password } : { username, password }),
    ...(registryToken !== undefined && { registrytoken: registryToken }),
    serveraddress: host,
  };
}

function encode(value: unknown): string {
  // The alphabet for URLs, but padded.
  return Buffer.from(JSON.stringify(value)).toString("base64").replaceAll("+", "-")
    .replaceAll("/", "_");
}
