/** The session's Secrets service: the daemon asks for a value when a step needs it (session/secrets/secretsprovider). */
import { Secrets } from "../gen/secrets.ts";
import type { Handlers } from "../rpc/call.ts";
import { quoted, Refusal } from "../rpc/refusal.ts";
import { RpcError, StatusCode } from "../rpc/status.ts";
import { unary } from "../rpc/unary.ts";
import { unlessAborted } from "../unless_aborted.ts";

/** Finds the value of a secret; undefined if there is none with this id. */
export type FindSecret = (id: string) => Promise<Uint8Array | undefined>;

/**
 * Serves the secrets that `find` has. The daemon asks for ids that nobody declared, too: logins for git and for downloads. What
 * there is not is answered with NOT_FOUND, which fails the step only if it requires the secret.
 */
export function secretHandlers(find: FindSecret): Handlers {
  return {
    [Secrets.getSecret.path]: unary(Secrets.getSecret, async ({ id }, call) => {
      const data = await unlessAborted(find(id), call.signal);
      if (data === undefined) throw missing(id);
      return { data };
    }),
  };
}

/** What daemons ask for by themselves, for every git repository and download (source/git, source/http). */
const USUAL_REGEXP = /^(?:GIT_AUTH_(?:TOKEN|HEADER)|HTTP_AUTH_(?:TOKEN|HEADER))/;

function missing(id: string): RpcError {
  const text = `there is no secret ${id}`;
  if (USUAL_REGEXP.test(id)) return new RpcError(StatusCode.NOT_FOUND, text);
  return new Refusal(StatusCode.NOT_FOUND, `the secret ${quoted(id)}`, text);
}
