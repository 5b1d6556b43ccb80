/** Finds out why an endpoint does not answer as BuildKit: what a failed call alone can't tell. */
import { once } from "node:events";
import type { Socket } from "node:net";
import { ConnectionError } from "../errors.ts";
import { closeSocket, dial, type DialOptions, type Endpoint } from "./dial.ts";
import { connectionError } from "./failure.ts";

/** RFC 9113, 3.4: the client's preface and an empty SETTINGS frame. */
const PREFACE = new Uint8Array([
  ...new TextEncoder().encode("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
  ...[0, 0, 0, 4, 0, 0, 0, 0, 0],
]);
const SETTINGS = 4;
const SILENT = "the connection is accepted, but nothing comes: the daemon may be frozen";
const TLS_ALERT = 21;

/**
 * Dials the endpoint and looks at the first bytes of its answer.
 *
 * @returns undefined if an HTTP/2 server answers, else the error that says what is wrong
 */
export async function diagnose(
  endpoint: Endpoint,
  options: DialOptions = {},
): Promise<ConnectionError | undefined> {
  let socket: Socket;
  try {
    socket = await dial(endpoint, options);
  } catch (error) {
    if (error instanceof ConnectionError) return error;
    throw error;
  }
  try {
    return explain(endpoint, await firstBytes(socket, options));
  } catch (error) {
    options.signal?.throwIfAborted();
    const silent = (error as Error).name === "TimeoutError" ||
      (error as Error).name === "AbortError";
    if (silent) return connectionError("CONNECT_TIMEOUT", endpoint.address, new Error(SILENT));
    const code = endpoint.tls === undefined ? "NOT_BUILDKIT" : "TLS_FAILED";
    return connectionError(code, endpoint.address, error);
  } finally {
    await closeSocket(socket);
  }
}

function explain(endpoint: Endpoint, bytes: Uint8Array): ConnectionError | undefined {
  if (bytes.length >= 4 && bytes[3] === SETTINGS) return undefined;
  const { address } = endpoint;
  if (endpoint.tls === undefined && (bytes[0] === TLS_ALERT || bytes.length === 0)) {
    return connectionError("TLS_REQUIRED", address);
  }
  if (bytes.length === 0) {
    return connectionError("TLS_FAILED", address, new Error("it hung up after the handshake"));
  }
  const text = new TextDecoder().decode(bytes.subarray(0, 40)).replace(/[^\x20-\x7e].*/s, "");
  return connectionError("NOT_BUILDKIT", address, new Error(`it answered "${text}"`));
}

async function firstBytes(socket: Socket, options: DialOptions): Promise<Uint8Array> {
  const { signal, timeoutMs = 5_000 } = options;
  const timeout = AbortSignal.timeout(timeoutMs);
  const either = signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
  socket.write(PREFACE);
  const ended = once(socket, "end", { signal: either }).then(() => new Uint8Array(0));
  const data = once(socket, "data", { signal: either }).then(([chunk]) => chunk as Uint8Array);
  // The loser of the race is rejected when the socket is destroyed; nobody waits for it any more.
  ended.catch(() => {});
  data.catch(() => {});
  return await Promise.race([data, ended]);
}
