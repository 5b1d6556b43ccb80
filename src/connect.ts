/** From an address to a client. */
import { BuildKitClient, type ClientOptions } from "./client.ts";
import { type BuilderAddress, parseBuilderAddress } from "./connect/builder_address.ts";
import { loadTls } from "./connect/tls.ts";
import { laterTransport, socketTransport, type Transport } from "./connect/transport.ts";
import { OptionError } from "./errors.ts";
import type { TlsOptions } from "./types.ts";

/** Options of {@linkcode connect}. */
export interface ConnectOptions {
  /** Certificates and keys for a `tcp://` address. */
  tls?: TlsOptions;
}

/**
 * Makes a client for the daemon at `address`. Nothing is dialed before the first call.
 *
 * @param address `tcp://host:port`, `unix:///path`, `docker-container://NAME[?context=CONTEXT]`, `podman-container://NAME`,
 * `kube-pod://POD[?context=&namespace=&container=]` or `ssh://[user@]host[:port][/socket]`
 * @throws {OptionError} if the address or the TLS options can't be used
 *
 * @example
 * ```ts no-eval
 * import { connect } from "@moat/build";
 *
 * await using client = connect("tcp://127.0.0.1:1234");
 * console.log((await client.ping()).version);
 * ```
 */
export function connect(address: string, options: ConnectOptions = {}): BuildKitClient {
  return clientOf(address, options);
}

/** The same for a build, which may have limits of its own. */
export function clientOf(
  address: string,
  { tls, stallTimeoutMs }: { tls?: TlsOptions | undefined } & ClientOptions,
): BuildKitClient {
  return new BuildKitClient(transportOf(parseBuilderAddress(address), tls), { stallTimeoutMs });
}

function transportOf(address: BuilderAddress, tls: TlsOptions | undefined): Transport {
  if (address.scheme === "tcp" || address.scheme === "unix") {
    return socketTransport({ address, ...(tls !== undefined && { tls: loadTls(tls) }) });
  }
  if (tls !== undefined) {
    throw new OptionError("tls", `the connection to ${address.text} is not one of TLS`);
  }
  return laterTransport(address, async () => {
    if (address.scheme === "ssh" || address.scheme === "kube-pod") {
      const { commandOf, commandTransport } = await import("./connect/command.ts");
      return commandTransport(address, commandOf(address));
    }
    const { execTransport } = await import("./docker/exec_transport.ts");
    return execTransport(address);
  });
}
