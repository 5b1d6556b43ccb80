import { CredentialsError, OptionError } from "../errors.ts";
import type { DockerConfig } from "./docker_config.ts";
import { type Environment, readEnvironment } from "../environment.ts";
import { HUB_KEY, isRegistryHost, registryKey } from "./host.ts";

/** A login for one registry. */
export interface Credentials {
  username: string;
  /** The password; with an empty username, an identity token. */
  password: string;
}

/** Knows the logins of one build. */
export interface CredentialStore {
  /**
   * The login for a registry, or undefined for none; `host` is `host` or `host:port`. Rejects with a `CredentialsError` if
   * the configuration cannot be used for that host, with the signal's reason if it fires.
   */
  lookup(host: string, signal: AbortSignal): Promise<Credentials | undefined>;
}

/** Options of {@linkcode createCredentialStore}. */
export interface CredentialStoreOptions {
  /** Logins by `host` or `host:port`, before everything else. Docker Hub is `docker.io`. @default none */
  auth?: Readonly<Record<string, Credentials>> | undefined;
  /** Looks up environment variables. @default the process's environment */
  env?: Environment | undefined;
}

/**
 * Makes the credential store of one build: logins given in code, then Docker's configuration, which is read when the first
 * host is asked for that `auth` does not hold. Lookups run one after another, since keychains behind helpers hang
 * otherwise, and found answers are kept. Throws an `OptionError` if `auth` has a key that is no host.
 */
export function createCredentialStore(options: CredentialStoreOptions = {}): CredentialStore {
  return new Store(options);
}

class Store implements CredentialStore {
  readonly #known: Map<string, Credentials | undefined>;
  readonly #env: Environment;
  #config: DockerConfig | undefined;
  #lastTurn: Promise<unknown> = Promise.resolve();

  constructor({ auth = {}, env = readEnvironment }: CredentialStoreOptions) {
    this.#known = new Map(Object.entries(auth).map(checkLogin));
    this.#env = env;
  }

  lookup(host: string, signal: AbortSignal): Promise<Credentials | undefined> {
    const turn = this.#lastTurn.then(() => this.#find(host, signal));
    // A failed lookup fails for its caller only.
    this.#lastTurn = turn.catch(() => {});
    return turn;
  }

  async #find(host: string, signal: AbortSignal): Promise<Credentials | undefined> {
    signal.throwIfAborted();
    // The builder says what host it wants; only a host may reach a helper, whose input is line by line.
    if (!isRegistryHost(host)) {
      throw new CredentialsError(
        `The builder asked for the login of ${JSON.stringify(host)}, which is no registry host`,
      );
    }
    const key = registryKey(host);
    if (!this.#known.has(key)) {
      const { readDockerConfig } = await import("./docker_config.ts");
      this.#config ??= await readDockerConfig(this.#env);
      this.#known.set(key, await this.#config.find(key, signal));
    }
    return this.#known.get(key);
  }
}

function checkLogin([host, login]: [string, Credentials]): [string, Credentials] {
  const option = `auth[${JSON.stringify(host)}]`;
  if (!isRegistryHost(host) && host !== HUB_KEY) {
    throw new OptionError(option, "the key is no registry host", '"registry.example:5000"');
  }
  if (typeof login?.username !== "string" || typeof login.password !== "string") {
    throw new OptionError(option, "it has no username or no password");
  }
  return [registryKey(host), { username: login.username, password: login.password }];
}
