/** Logins for registries. */
import type { Credentials } from "../registry/credentials.ts";
import type { TlsOptions } from "../types.ts";

/** A login that may change while a long build runs: it is asked again whenever one is needed. */
export type CredentialsCallback = (
  request: CredentialsRequest,
  signal: AbortSignal,
) => Credentials | undefined | Promise<Credentials | undefined>;

/** What a login is for. */
export interface CredentialsRequest {
  /** `host` or `host:port`; Docker Hub is `docker.io`. */
  readonly host: string;
  /** For example `repository:team/app:pull,push`; empty where the builder does not say. */
  readonly scopes: readonly string[];
}

/**
 * Logins by host, or a function that is asked for every host; undefined means to look further, in Docker's config.
 * Logins in Docker's config are handed out for hosts that the build names; for others where a function here leaves it to that.
 */
export type AuthOption =
  | Readonly<Record<string, Credentials | CredentialsCallback>>
  | CredentialsCallback;

/** TLS for a registry's token service. */
export interface RegistryTlsOptions extends Omit<TlsOptions, "serverName"> {
  /** Don't verify the server. @default false */
  insecure?: boolean;
}
