/** The session's Auth service: the daemon asks for logins (buildkit session/auth, util/resolver/authorizer.go). */
import { Auth } from "../gen/auth.ts";
import type { CredentialStore } from "../registry/credentials.ts";
import type { Handlers } from "../rpc/call.ts";
import { unary } from "../rpc/unary.ts";

/**
 * Serves logins from `store`. A registry without one is answered with empty fields, which means anonymous. Only
 * `Credentials` is served: a daemon that finds the token methods missing exchanges tokens itself.
 */
export function authHandlers(store: CredentialStore): Handlers {
  return {
    [Auth.credentials.path]: unary(Auth.credentials, async ({ host }, call) => {
      const login = await store.lookup(host, call.signal);
      return { username: login?.username ?? "", secret: login?.password ?? "" };
    }),
  };
}
