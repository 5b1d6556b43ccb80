/** A way to one daemon: all that a client must know of it. */
import type { Duplex } from "node:stream";
import type { ConnectionError } from "../errors.ts";
import { authorityOf } from "./address.ts";
import { dial, type DialOptions, type Endpoint } from "./dial.ts";

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
  dial(options?: DialOptions): Promise<Duplex>;
  /** Opens a session's byte stream, where that is not `Control.Session`. Throws as `dial` does. */
  dialSession?(metadata: SessionMetadata, options?: DialOptions): Promise<Duplex>;
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
    dial: (options) => dial(endpoint, options),
    diagnose: async (options) => (await import("./probe.ts")).diagnose(endpoint, options),
  };
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
    diagnose: async (options) => (await transport()).diagnose(options),
    close: async () => await (await loading)?.close?.(),
  };
}
