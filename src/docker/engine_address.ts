/** Where a Docker engine may be: as Docker's own command finds it, and the sockets of its usual products. */
import { join } from "node:path";
import type { Address } from "../connect/address.ts";
import { parseAddress } from "../connect/address.ts";
import type { TlsMaterial } from "../connect/tls.ts";
import type { Environment } from "../environment.ts";
import { EngineError, OptionError } from "../errors.ts";
import { dockerFolder } from "../registry/docker_config.ts";
import { currentContext, readIfThere } from "./context_store.ts";

/** An engine behind ssh: where to log in, and the engine's socket there. */
export interface SshAddress {
  readonly scheme: "ssh";
  readonly user: string | undefined;
  readonly host: string;
  readonly port: number | undefined;
  readonly socket: string;
  readonly text: string;
}

/** A place where an engine may be. */
export interface EngineAddress {
  readonly address: Address | SshAddress;
  readonly tls?: TlsMaterial;
  /** Who says so: `DOCKER_HOST`, `docker context "work"` or `default socket`. */
  readonly from: string;
  /** Whether somebody asked for just this engine, so that another one will not do. */
  readonly named: boolean;
}

const DEFAULT_SOCKET = "/var/run/docker.sock";
const [PLAIN_PORT, TLS_PORT] = [2375, 2376];

/**
 * The places in the order in which to try them: DOCKER_HOST alone if it is set, else the current docker context alone, else the
 * usual sockets. Nothing is connected.
 *
 * @throws {EngineError} if DOCKER_HOST or the context can't be used
 */
export function engineAddresses(env: Environment): EngineAddress[] {
  const host = env("DOCKER_HOST");
  if (host) {
    const tls = environmentTls(env);
    return [{ ...located(host, tls, "DOCKER_HOST"), from: "DOCKER_HOST", named: true }];
  }
  const context = currentContext(env);
  if (context === undefined) return usualSockets(env);
  const from = `docker context "${context.name}"`;
  return [{ ...located(context.host, context.tls, from), from, named: true }];
}

function usualSockets(env: Environment): EngineAddress[] {
  const runtime = env("XDG_RUNTIME_DIR");
  const home = env("HOME");
  const paths = [
    DEFAULT_SOCKET,
    ...(runtime ? [join(runtime, "docker.sock")] : []),
    // Docker Desktop on macOS and on Linux, then Colima.
    ...(home
      ? [".docker/run", ".docker/desktop", ".colima/default"].map((at) =>
        join(home, at, "docker.sock")
      )
      : []),
  ];
  return paths.map((path) => ({
    address: { scheme: "unix", path, text: `unix://${path}` },
    from: "default socket",
    named: false,
  }));
}

/** DOCKER_CERT_PATH's files, with DOCKER_TLS_VERIFY also those in Docker's folder; the certificate is always verified. */
function environmentTls(env: Environment): TlsMaterial | undefined {
  const certPath = env("DOCKER_CERT_PATH");
  if (!certPath && !env("DOCKER_TLS_VERIFY")) return undefined;
  const folder = certPath || dockerFolder(env);
  const part = (name: "ca" | "cert" | "key"): TlsMaterial => {
    const content = folder === undefined ? undefined : readIfThere(join(folder, `${name}.pem`));
    return content === undefined ? {} : { [name]: content };
  };
  return { ...part("ca"), ...part("cert"), ...part("key") };
}

function located(
  host: string,
  tls: TlsMaterial | undefined,
  from: string,
): Pick<EngineAddress, "address" | "tls"> {
  const [, scheme = "tcp", rest = ""] = /^(?:([a-z]+):\/\/)?(.*)$/i.exec(host) ?? [];
  if (scheme === "ssh") return { address: sshAddress(host, from) };
  if (scheme !== "tcp" && scheme !== "unix") {
    throw unusable(from, `"${host}" has the scheme ${scheme}, which is not known`);
  }
  const port = tls === undefined ? PLAIN_PORT : TLS_PORT;
  // A path prefix is allowed by Docker but for its own use; ports may be left out.
  const authority = rest.replace(/\/+$/, "");
  const full = scheme === "unix" || /:\d+$/.test(authority) ? authority : `${authority}:${port}`;
  try {
    const address = parseAddress(`${scheme}://${scheme === "unix" ? rest : full}`, from);
    return { address, ...(scheme === "tcp" && tls && { tls }) };
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    throw unusable(from, error.problem);
  }
}

/** `ssh://[user@]host[:port][/path/of.sock]` (docker/cli cli/connhelper/ssh). */
function sshAddress(text: string, from: string): SshAddress {
  const match = /^ssh:\/\/(?:([^@:/?#]+)@)?([^-@:/?#][^@:/?#]*)(?::(\d+))?(\/[^?#]*)?$/.exec(text);
  if (match === null) throw unusable(from, `"${text}" is not ssh://[user@]host[:port]`);
  const [, user, host, port, path] = match;
  const socket = path === undefined || path === "/" ? DEFAULT_SOCKET : path;
  return {
    scheme: "ssh",
    user,
    host: host!,
    port: port === undefined ? undefined : Number(port),
    socket,
    text,
  };
}

function unusable(from: string, problem: string): EngineError {
  return new EngineError(
    "ENGINE_NOT_FOUND",
    `Cannot use the Docker engine of ${from}: ${problem}. Known are unix:///path, tcp://host:port and ssh://user@host`,
  );
}
