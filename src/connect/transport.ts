/** A way to one daemon: all that a client must know of it. */
import type { Duplex } from "node:stream";
import type { ConnectionError } from "../errors.ts";
import { denoPipe } from "../rpc/deno_pipe.ts";
import type { Pipe, Wire } from "../rpc/pipe.ts";
import { deno } from "../runtime/deno.ts";
import { authorityOf } from "./address.ts";
import { DIAL_TIMEOUT_MS } from "./deadline.ts";
import { denoDial } from "./deno_dial.ts";
import type { DialOptions, Endpoint } from "./dial.ts";

/** What a session says of itself when it is opened: header names to values, some of which repeat. */
export type SessionMetadata = Readonly<Record<string, string | string[]>>;

/** A way to one daemon. Whoever makes a client of it gives it away. */
export interface Transport {
  /** Where the daemon is, for messages. */
  readonly address: { readonly text: string };
  /** What `:authority` says in calls. */
  readonly authority: string;
  /**
   * Opens the byte stream on which the daemon speaks gRPC. Called again when the last one is over.
   *
   * @throws {ConnectionError} that names the address, the reason and the next thing to check
   */
  dial(options?: DialOptions): Promise<Wire>;
  /** The same as a stream of Node's, whose reader can hold the daemon back, for whoever passes it on. Throws as `dial` does. */
  dialStream(options?: DialOptions): Promise<Duplex>;
  /** Opens a session's byte stream, where that is not `Control.Session`. Throws as `dial` does. */
  dialSession?(metadata: SessionMetadata, options?: DialOptions): Promise<Pipe>;
  /** Looks why the daemon does not answer; undefined if it does. */
  diagnose(options?: DialOptions): Promise<ConnectionError | undefined>;
  /** Gives up what the way itself needs, once the client is closed. Idempotent. */
  close?(): Promise<void>;
}

/** The way to a daemon that listens on a socket. */
export function socketTransport(endpoint: Endpoint): Transport {
  const { address, tls } = endpoint;
  return {
    address,
    authority: tls?.serverName ?? authorityOf(address),
    dial: (options) => dialWire(endpoint, options),
    dialStream: async (options) => (await import("./dial.ts")).dial(endpoint, options),
    diagnose: async (options) => (await import("./probe.ts")).diagnose(endpoint, options),
  };
}

/** Connects to the endpoint. Throws as {@linkcode Transport.dial} does. */
export async function dialWire(endpoint: Endpoint, options: DialOptions = {}): Promise<Wire> {
  if (deno !== undefined && endpoint.tls === undefined) {
    const { timeoutMs = DIAL_TIMEOUT_MS } = options;
    const conn = await denoDial(deno, endpoint.address, { ...options, timeoutMs });
    if (conn !== undefined) return denoPipe(conn);
  }
  const { dial } = await import("./dial.ts");
  const { socketPipe } = await import("../rpc/socket_pipe.ts");
  return socketPipe(await dial(endpoint, options));
}

/** A way whose code is loaded when it is used; it has no sessions of its own. */
export function laterTransport(
  address: Transport["address"],
  load: () => Promise<Transport>,
): Transport {
  let loading: Promise<Transport> | undefined;
  const transport = () => loading ??= load();
  return {
    address,
    authority: "localhost",
    dial: async (options) => (await transport()).dial(options),
    dialStream: async (options) => (await transport()).dialStream(options),
    diagnose: async (options) => (await transport()).diagnose(options),
    close: async () => await (await loading)?.close?.(),
  };
}
