/** Which logins a build hands out: those of registries that it names, and those that its caller gives or allows. */
import type { CredentialStore } from "../registry/credentials.ts";
import { HUB_KEY, isRegistryHost, registryKey } from "../registry/host.ts";
import { quoted, Refusal } from "../rpc/refusal.ts";
import { StatusCode } from "../rpc/status.ts";
import type { AccessLog } from "./access_log.ts";

/** Options of {@linkcode gateLogins}. */
export interface LoginGateOptions {
  readonly access: AccessLog;
  /** Whether the build names a registry. Asked only for logins that the caller has not given. */
  readonly isNamed: (host: string) => Promise<boolean> | boolean;
}

const WHY = "nothing in this build names it; the option auth or MOAT_ALLOW_LOGINS can allow it";

/** The logins of `store`, as far as the build may have them; each one that it gets is told of, and each that it does not. */
export function gateLogins(
  store: CredentialStore,
  { access, isNamed }: LoginGateOptions,
): CredentialStore {
  return {
    async lookup(host, signal, scopes) {
      if (!isRegistryHost(host)) {
        const text = `${quoted(host)} is no registry host`;
        throw new Refusal(StatusCode.INVALID_ARGUMENT, `the login of ${quoted(host)}`, text);
      }
      const login = await store.lookup(host, signal, scopes);
      if (login === undefined) return undefined;
      const asked = `the login of ${registryKey(host) === HUB_KEY ? "docker.io" : host}`;
      // Frontends and scanners come from Docker Hub, whatever a build names.
      const may = login.given || login.allowed || registryKey(host) === HUB_KEY;
      if (may || await isNamed(host)) {
        access.granted(asked);
        return login;
      }
      access.refused(asked, WHY);
      return undefined;
    },
  };
}
