import { type Environment, readEnvironment } from "../environment.ts";
import { CredentialsError, OptionError } from "../errors.ts";
import type { AuthOption, CredentialsCallback } from "../types/auth.ts";
import { unlessAborted } from "../unless_aborted.ts";
import type { DockerConfig } from "./docker_config.ts";
import { HUB_KEY, isRegistryHost, registryKey } from "./host.ts";

/** A login for one registry. */
export interface Credentials {
  /** The login's name. */
  username: string;
  /** The password; with an empty username, an identity token. */
  password: string;
}

/** A login with what is known of it. */
export interface Login extends Credentials {
  /** A token that the registry takes as it is, without an exchange. */
  registryToken?: string;
  /** It was given in code, and is not one that Docker has stored. */
  given?: true;
  /** The caller was asked, and left it to what Docker has stored. */
  allowed?: true;
}

/** Knows the logins of one build. */
export interface CredentialStore {
  /**
   * The login for a registry, or undefined for none; `host` is `host` or `host:port`, `scopes` is what it is for, where that is
   * known. Rejects with a `CredentialsError` if the configuration cannot be used for that host, with the signal's reason if
   * it fires.
   */
  lookup(
    host: string,
    signal: AbortSignal,
    scopes?: readonly string[],
  ): Promise<Login | undefined>;
}

/** Options of {@linkcode createCredentialStore}. */
export interface CredentialStoreOptions {
  /** Logins before everything else, by `host` or `host:port` (Docker Hub is `docker.io`), or for all. @default none */
  auth?: AuthOption | undefined;
  /** Looks up environment variables. @default the process's environment */
  env?: Environment | undefined;
  /** A clock, in milliseconds. @default performance.now */
  now?: (() => number) | undefined;
}

/** How long what Docker's configuration says is kept: logins of clouds end after five minutes (session/auth/authprovider). */
const KEEP_MS = 290_000;

/**
 * Makes the credential store of one build: logins given in code, then Docker's configuration, which is read when the first
 * host is asked for that `auth` does not hold. Functions in `auth` are asked each time. Lookups in the configuration run one
 * after another, since keychains behind helpers hang otherwise, and what they find is kept for some minutes. Throws an
 * `OptionError` if `auth` has a key that is no host.
 */
export function createCredentialStore(options: CredentialStoreOptions = {}): CredentialStore {
  return new Store(options);
}

/** Registries of Docker's that take the login of its Hub (buildx util/dockerutil/dockerconfig). */
const HUB_LOGINS = new Set(["dhi.io", "registry.scout.docker.com"]);

/** Something, and when it was read. */
interface Dated<T> {
  readonly at: number;
  readonly value: T;
}

class Store implements CredentialStore {
  /** By key; the one under undefined is for all hosts. */
  readonly #given: ReadonlyMap<string | undefined, Credentials | CredentialsCallback>;
  readonly #env: Environment;
  readonly #now: () => number;
  readonly #known = new Map<string, Dated<Login | undefined>>();
  #config: Dated<DockerConfig> | undefined;
  #lastTurn: Promise<unknown> = Promise.resolve();

  constructor(options: CredentialStoreOptions) {
    const { auth = {}, env = readEnvironment, now = () => performance.now() } = options;
    this.#given = givenLogins(auth);
    this.#env = env;
    this.#now = now;
  }

  async lookup(
    host: string,
    signal: AbortSignal,
    scopes: readonly string[] = [],
  ): Promise<Login | undefined> {
    signal.throwIfAborted();
    // The builder says what host it wants; only a host may reach a helper, whose input is line by line.
    if (!isRegistryHost(host)) {
      throw new CredentialsError(
        `The builder asked for the login of ${JSON.stringify(host)}, which is no registry host`,
      );
    }
    const key = registryKey(host);
    const given = this.#given.get(key) ?? this.#given.get(undefined);
    const login = typeof given === "function" ? await ask(given, host, scopes, signal) : given;
    if (login !== undefined) return { ...login, given: true };
    const stored = await this.#inTurn(key, signal);
    return stored && given !== undefined ? { ...stored, allowed: true } : stored;
  }

  #inTurn(key: string, signal: AbortSignal): Promise<Login | undefined> {
    const turn = this.#lastTurn.then(() => this.#stored(key, signal));
    // A failed lookup fails for its caller only.
    this.#lastTurn = turn.catch(() => {});
    return turn;
  }

  async #stored(key: string, signal: AbortSignal): Promise<Login | undefined> {
    signal.throwIfAborted();
    const known = this.#fresh(this.#known.get(key));
    if (known !== undefined) return known.value;
    const config = this.#fresh(this.#config) ?? await this.#readConfig();
    const value = await config.value.find(key, signal) ??
      (HUB_LOGINS.has(key) ? await config.value.find(HUB_KEY, signal) : undefined);
    this.#known.set(key, { at: this.#now(), value });
    return value;
  }

  async #readConfig(): Promise<Dated<DockerConfig>> {
    const { readDockerConfig } = await import("./docker_config.ts");
    return this.#config = { at: this.#now(), value: readDockerConfig(this.#env) };
  }

  #fresh<T>(dated: Dated<T> | undefined): Dated<T> | undefined {
    return dated !== undefined && this.#now() - dated.at < KEEP_MS ? dated : undefined;
  }
}

async function ask(
  callback: CredentialsCallback,
  host: string,
  scopes: readonly string[],
  signal: AbortSignal,
): Promise<Credentials | undefined> {
  const name = registryKey(host) === HUB_KEY ? "docker.io" : host;
  let answer: unknown;
  try {
    const asked = Promise.resolve(callback({ host: name, scopes: [...scopes] }, signal));
    answer = await unlessAborted(asked, signal);
  } catch (cause) {
    signal.throwIfAborted();
    // What it says may hold secrets, and the message goes to the builder.
    throw new CredentialsError(
      `The function in auth gave no login for ${name}: it failed, the error's cause says why`,
      { cause },
    );
  }
  if (answer === undefined) return undefined;
  if (isLogin(answer)) return plain(answer);
  throw new CredentialsError(
    `The function in auth gave no login for ${name}: its answer has no username or no password`,
  );
}

function givenLogins(auth: AuthOption): Map<string | undefined, Credentials | CredentialsCallback> {
  if (typeof auth === "function") return new Map([[undefined, auth]]);
  if (typeof auth === "object" && auth !== null && !Array.isArray(auth)) {
    return new Map(Object.entries(auth).map(checkLogin));
  }
  throw new OptionError("auth", "it is neither logins by host nor a function");
}

function checkLogin(
  [host, login]: [string, Credentials | CredentialsCallback],
): [string, Credentials | CredentialsCallback] {
  const option = `auth[${JSON.stringify(host)}]`;
  if (!isRegistryHost(host) && host !== HUB_KEY) {
    throw new OptionError(option, "the key is no registry host", '"registry.example:5000"');
  }
  if (typeof login === "function") return [registryKey(host), login];
  if (!isLogin(login)) throw new OptionError(option, "it has no username or no password");
  return [registryKey(host), plain(login)];
}

function isLogin(value: unknown): value is Credentials {
  const { username, password } = (value ?? {}) as Record<string, unknown>;
  return typeof username === "string" && typeof password === "string";
}

function plain({ username, password }: Credentials): Credentials {
  return { username, password };
}
