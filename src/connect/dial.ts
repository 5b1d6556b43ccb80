/** From an endpoint to a connected socket. */
import net from "node:net";
import type { Duplex } from "node:stream";
import type { Address } from "./address.ts";
import { deadline, DIAL_TIMEOUT_MS } from "./deadline.ts";
import { connectionError, connectionFailure } from "./failure.ts";
import type { TlsMaterial } from "./tls.ts";

/** Where and how to connect. */
export interface Endpoint {
  readonly address: Address;
  /** Absent: plain text. */
  readonly tls?: TlsMaterial;
}

/** Options of {@linkcode dial}. */
export interface DialOptions {
  signal?: AbortSignal;
  /** Milliseconds to wait for the connection and TLS. @default 5000, as buildctl */
  timeoutMs?: number;
}

/**
 * Connects a socket to the endpoint, with TLS where it says so.
 *
 * @throws {ConnectionError} that names the address, the reason and the next thing to check
 * @throws the signal's reason, if it fires first
 */
export async function dial(endpoint: Endpoint, options: DialOptions = {}): Promise<net.Socket> {
  const { signal, timeoutMs = DIAL_TIMEOUT_MS } = options;
  const { address, tls } = endpoint;
  const secure = tls && await handshake(address, tls);
  signal?.throwIfAborted();
  const socket = open(address);
  // Whoever gets the socket listens for errors, but one may come before that: it shows in the socket being destroyed.
  socket.on("error", () => {});
  const stop = deadline(timeoutMs, signal);
  try {
    await stop.before(connected(socket));
    return secure === undefined ? socket : await stop.before(secure(socket));
  } catch (error) {
    await closeSocket(socket);
    signal?.throwIfAborted();
    throw stop.passed
      ? connectionError("CONNECT_TIMEOUT", address)
      : connectionFailure(address, error);
  } finally {
    stop.release();
  }
}

/** Deno says at once what its permissions forbid. */
function open(address: Address): net.Socket {
  try {
    return address.scheme === "unix"
      ? net.connect({ path: address.path })
      : net.connect({ host: address.host, port: address.port, noDelay: true });
  } catch (error) {
    throw connectionFailure(address, error);
  }
}

function connected(socket: net.Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once("connect", () => {
      socket.off("error", reject);
      resolve();
    });
    socket.once("error", reject);
  });
}

/** What secures a socket; loaded before there is one, for its end would not be noticed meanwhile. */
async function handshake(
  address: Address,
  material: TlsMaterial,
): Promise<(socket: net.Socket) => Promise<net.Socket>> {
  const { startTls } = await import("./start_tls.ts");
  return async (socket) => {
    try {
      return await startTls(socket, address, material);
    } catch (error) {
      // Who hangs up without an alert has no opinion on TLS: a proxy whose backend is not there yet, for one.
      const silent = (error as { code?: string }).code === "ECONNRESET";
      throw connectionError(silent ? "CONNECTION_LOST" : "TLS_FAILED", address, error);
    }
  };
}

/** Destroys a socket or another stream and waits until it is closed. */
export async function closeSocket(socket: Duplex): Promise<void> {
  if (socket.closed) return;
  // Whatever it still reports is about an end that is wanted.
  socket.on("error", () => {});
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  socket.destroy();
  await closed;
}
