import { registryKey } from "../registry/host.ts";
import type { CredentialStore } from "../registry/credentials.ts";

/** A store that remembers for which registries it gave out a login: after a refusal the advice depends on it. */
export interface LoginRecord extends CredentialStore {
  /** Whether the builder has had a login for this host. */
  has(host: string): boolean;
}

/** Wraps a store. */
export function recordLogins(store: CredentialStore): LoginRecord {
  const given = new Set<string>();
  return {
    async lookup(host, signal, scopes) {
      const login = await store.lookup(host, signal, scopes);
      if (login !== undefined) given.add(registryKey(host));
      return login;
    },
    has: (host) => given.has(registryKey(host)),
  };
}
