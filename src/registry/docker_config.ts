/** Logins and proxies as Docker's client stores them (docker/cli config/configfile, config/credentials). */
import { CredentialsError } from "../errors.ts";
import type { CredentialHelper } from "./credential_helper.ts";
import type { Login } from "./credentials.ts";
import type { Environment } from "../environment.ts";
import { hostOfKey } from "./host.ts";
import { builtin } from "../runtime/builtin.ts";
import { fileKind, readWhole } from "../runtime/paths.ts";
import { JsonSyntaxError, parseJson } from "./parse_json.ts";
import { native } from "../runtime/path.ts";
import { isNotCapable } from "../runtime/refusal.ts";

/** A JSON object of which nothing is known yet. */
type Bag = Record<string, unknown>;

/** A configuration that was read: its parsed content, and where it came from, for messages. */
interface Source {
  readonly label: string;
  readonly content: Bag;
}

/**
 * The logins of one user: `DOCKER_AUTH_CONFIG`, then `config.json` in `DOCKER_CONFIG` or `~/.docker`. What is missing holds
 * no logins. Read with {@linkcode readDockerConfig}.
 */
export class DockerConfig {
  readonly #env: Environment;
  readonly #variable: Source | undefined;
  readonly #file: Source | undefined;

  constructor(env: Environment, variable: Source | undefined, file: Source | undefined) {
    this.#env = env;
    this.#variable = variable;
    this.#file = file;
  }

  /**
   * The login stored under `key` (see `registryKey()`): from the variable, else from the helper that the file names for it,
   * else from the file itself. A helper that knows none hides the file's own entry, as with Docker, but for a registry token.
   * Throws a `CredentialsError`.
   */
  async find(key: string, signal: AbortSignal): Promise<Login | undefined> {
    const given = this.#variable && entry(this.#variable, key);
    if (given !== undefined || this.#file === undefined) return given;
    const helper = helperFor(this.#file, key);
    if (helper !== undefined) {
      const { runCredentialHelper } = await import("./credential_helper.ts");
      const login = await runCredentialHelper(helper, key, { env: this.#env, signal });
      const { registryToken } = entry(this.#file, key) ?? {};
      return registryToken === undefined ? login : { ...login ?? NOBODY, registryToken };
    }
    return entry(this.#file, key) ?? legacyEntry(this.#file, key);
  }

  /**
   * The proxies that containers shall use, as environment variables: those of the first host that the file knows, else the
   * default ones. Throws a `CredentialsError`.
   */
  proxies(hosts: readonly string[]): Record<string, string> {
    if (this.#file === undefined) return {};
    const { label } = this.#file;
    const all = section(this.#file, "proxies");
    const host = hosts.find((name) => Object.hasOwn(all, name)) ?? "default";
    if (!Object.hasOwn(all, host)) return {};
    const what = `proxies[${JSON.stringify(host)}]`;
    const proxy = object(all[host], label, what);
    const variables: Record<string, string> = {};
    for (const [field, variable] of PROXY_FIELDS) {
      const value = proxy[field] ?? "";
      if (typeof value !== "string") {
        throw new CredentialsError(`Cannot use ${label}: ${field} of ${what} is not a string`);
      }
      if (value !== "") variables[variable] = value;
    }
    return variables;
  }
}

const PROXY_FIELDS = [
  ["httpProxy", "HTTP_PROXY"],
  ["httpsProxy", "HTTPS_PROXY"],
  ["noProxy", "NO_PROXY"],
  ["ftpProxy", "FTP_PROXY"],
] as const;

/** Reads the configuration. Throws a `CredentialsError` that names what cannot be read, and never shows its content. */
export function readDockerConfig(env: Environment): DockerConfig {
  const variable = env("DOCKER_AUTH_CONFIG");
  return new DockerConfig(
    env,
    variable ? parseSource("DOCKER_AUTH_CONFIG", variable) : undefined,
    readConfigFile(env),
  );
}

/** The folder of Docker's configuration: `DOCKER_CONFIG`, else `~/.docker`; undefined without a home. */
export function dockerFolder(env: Environment): string | undefined {
  const chosen = env("DOCKER_CONFIG");
  if (chosen) return chosen;
  const home = env("HOME") ?? env("USERPROFILE");
  return home ? native.join(home, ".docker") : undefined;
}

function readConfigFile(env: Environment): Source | undefined {
  const folder = dockerFolder(env);
  if (folder === undefined) return undefined;
  const path = native.join(folder, "config.json");
  try {
    return parseSource(path, new TextDecoder().decode(readWhole(path)));
  } catch (error) {
    if (error instanceof CredentialsError) throw error;
    if (isAbsent(error, path, Boolean(env("DOCKER_CONFIG")))) return undefined;
    throw new CredentialsError(
      `Cannot read Docker's configuration ${path}: ${advice(error, path)}`,
      {
        cause: error,
      },
    );
  }
}

/**
 * Whether a file that cannot be read counts as missing: it is; or nobody asked for it and it is out of reach, because of
 * Deno's permissions or in a home folder of somebody else, which is common in containers.
 */
function isAbsent(error: unknown, path: string, asked: boolean): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === "ENOENT" || code === "ENOTDIR") return true;
  if (asked) return false;
  return isNotCapable(error) || (code === "EACCES" && !canSee(path));
}

function canSee(path: string): boolean {
  try {
    fileKind(path);
    return true;
  } catch {
    // Any failure means the same: not visible.
    return false;
  }
}

function advice(error: unknown, path: string): string {
  if (isNotCapable(error)) {
    return `Deno's permissions do not allow it. Run with --allow-read=${path}`;
  }
  const code = (error as NodeJS.ErrnoException).code;
  if (code === "EACCES") {
    return "permission denied. Make it readable, or name another folder in DOCKER_CONFIG";
  }
  return (error as Error).message;
}

function parseSource(label: string, text: string): Source {
  if (text.trim() === "") return { label, content: {} };
  try {
    return { label, content: object(parseJson(text), label, "It") };
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    throw new CredentialsError(`Cannot read ${label}: ${error.message}`);
  }
}

/** The helper for `key`: its own in `credHelpers`, else the one for all in `credsStore`. */
function helperFor(source: Source, key: string): CredentialHelper | undefined {
  const helpers = section(source, "credHelpers");
  const own = Object.hasOwn(helpers, key);
  const name = own ? helpers[key] : source.content["credsStore"];
  if (name === undefined || name === null || name === "") return undefined;
  if (typeof name === "string") return { name, source: source.label };
  const where = own ? `credHelpers[${JSON.stringify(key)}]` : "credsStore";
  throw new CredentialsError(`Cannot use ${source.label}: ${where} is not a string`);
}

const NOBODY: Login = { username: "", password: "" };

/** The login stored under exactly `key`. */
function entry(source: Source, key: string): Login | undefined {
  const auths = section(source, "auths");
  if (!Object.hasOwn(auths, key)) return undefined;
  const what = `auths[${JSON.stringify(key)}]`;
  const stored = object(auths[key], source.label, what);
  const text = (name: string): string => {
    const value = stored[name] ?? "";
    if (typeof value === "string") return value;
    throw new CredentialsError(`Cannot use ${source.label}: ${name} of ${what} is not a string`);
  };
  const login = storedLogin(text, `${source.label}: auth of ${what}`);
  const registryToken = text("registrytoken");
  return registryToken === "" ? login : { ...login ?? NOBODY, registryToken };
}

function storedLogin(text: (name: string) => string, what: string): Login | undefined {
  const token = text("identitytoken");
  if (token !== "") return { username: "", password: token };
  const auth = text("auth");
  if (auth !== "") return decodeAuth(auth, what);
  const login = { username: text("username"), password: text("password") };
  return login.username === "" && login.password === "" ? undefined : login;
}

/** The login of the first key that is a URL of the host `key`: what clients wrote before Docker 1.7. */
function legacyEntry(source: Source, key: string): Login | undefined {
  const auths = section(source, "auths");
  if (Object.hasOwn(auths, key)) return undefined;
  const url = Object.keys(auths).find((name) => hostOfKey(name) === key);
  return url === undefined ? undefined : entry(source, url);
}

/** `base64(user:password)`; old clients padded the password with NULs. */
function decodeAuth(auth: string, what: string): Login {
  const base64 = auth.replace(/[\r\n]/g, "");
  const valid = base64.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(base64);
  const text = valid ? builtin("buffer").Buffer.from(base64, "base64").toString() : "";
  const colon = text.indexOf(":");
  if (colon < 1) {
    throw new CredentialsError(`Cannot use ${what} is not base64 of user:password. Log in again`);
  }
  return {
    username: text.slice(0, colon),
    password: text.slice(colon + 1).replace(/^\0+|\0+$/g, ""),
  };
}

function section(source: Source, name: string): Bag {
  return object(source.content[name] ?? {}, source.label, name);
}

function object(value: unknown, label: string, what: string): Bag {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Bag;
  throw new CredentialsError(`Cannot use ${label}: ${what} is not a JSON object`);
}
