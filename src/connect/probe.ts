/** Finds out why an endpoint does not answer as BuildKit: what a failed call alone can't tell. */
import type { Duplex } from "node:stream";
import tls from "node:tls";
import { ConnectionError } from "../errors.ts";
import { concat } from "../rpc/concat.ts";
import { type Deadline, deadline, DIAL_TIMEOUT_MS } from "./deadline.ts";
import { closeSocket, dial, type DialOptions, type Endpoint } from "./dial.ts";
import { connectionError } from "./failure.ts";

/** RFC 9113, 3.4: the client's preface and an empty SETTINGS frame. */
const PREFACE = new Uint8Array([
  ...new TextEncoder().encode("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
  ...[0, 0, 0, 4, 0, 0, 0, 0, 0],
]);
const SETTINGS = 4;
const TLS_ALERT = 21;
/** A frame's header: enough to tell what answers. */
const ENOUGH = 9;

/**
 * Dials the endpoint and looks at the first bytes of its answer.
 *
 * @returns undefined if an HTTP/2 server answers, else the error that says what is wrong
 * @throws the signal's reason, if it fires first
 */
export async function diagnose(
  endpoint: Endpoint,
  options: DialOptions = {},
): Promise<ConnectionError | undefined> {
  const { signal, timeoutMs = DIAL_TIMEOUT_MS } = options;
  const stop = deadline(timeoutMs, signal);
  try {
    return await examine(endpoint, options, stop);
  } catch (error) {
    signal?.throwIfAborted();
    if (stop.passed) return connectionError("CONNECT_TIMEOUT", endpoint.address);
    if (error instanceof ConnectionError) return error;
    throw error;
  } finally {
    stop.release();
  }
}

/**
 * The same for a way that is no endpoint: opens a byte stream by `dial` and looks at the first bytes of its answer. The stream
 * itself says why it ended.
 *
 * @throws the signal's reason, if it fires first
 */
export async function diagnoseStream(
  address: { readonly text: string },
  dial: (options: DialOptions) => Promise<Duplex>,
  options: DialOptions = {},
): Promise<ConnectionError | undefined> {
  const { signal, timeoutMs = DIAL_TIMEOUT_MS } = options;
  const stop = deadline(timeoutMs, signal);
  try {
    const stream = await dial({ ...options, timeoutMs });
    try {
      const { bytes, error } = await stop.before(firstBytes(stream));
      if (bytes.length >= ENOUGH && bytes[3] === SETTINGS) return undefined;
      if (error instanceof ConnectionError) return error;
      return connectionError("CONNECTION_LOST", address, error);
    } finally {
      await closeSocket(stream);
    }
  } catch (error) {
    signal?.throwIfAborted();
    if (stop.passed) return connectionError("CONNECT_TIMEOUT", address);
    if (error instanceof ConnectionError) return error;
    throw error;
  } finally {
    stop.release();
  }
}

async function examine(
  endpoint: Endpoint,
  options: DialOptions,
  stop: Deadline,
): Promise<ConnectionError | undefined> {
  const { address } = endpoint;
  const { bytes, error } = await answer(endpoint, options, stop);
  if (bytes.length >= ENOUGH && bytes[3] === SETTINGS) return undefined;
  if (endpoint.tls === undefined && bytes[0] === TLS_ALERT) {
    return connectionError("TLS_REQUIRED", address);
  }
  if (bytes.length > 0) {
    const text = new TextDecoder().decode(bytes).replace(/[^\x20-\x7e].*/s, "");
    return connectionError("NOT_BUILDKIT", address, new Error(`it answered "${text}"`));
  }
  if (endpoint.tls !== undefined) {
    const cause = error ?? new Error("it hung up after the handshake");
    return connectionError("TLS_FAILED", address, cause);
  }
  // Go's TLS servers hang up without a word, and so do proxies whose backend is not there yet.
  if (await speaksTls(endpoint, options, stop)) return connectionError("TLS_REQUIRED", address);
  return connectionError("CONNECTION_LOST", address, error ?? new Error("it hung up at once"));
}

/** The first bytes that come, and the error that the connection ended with, if any. */
async function answer(
  endpoint: Endpoint,
  options: DialOptions,
  stop: Deadline,
): Promise<{ bytes: Uint8Array; error?: Error }> {
  const socket = await dial(endpoint, options);
  try {
    return await stop.before(firstBytes(socket));
  } finally {
    await closeSocket(socket);
  }
}

function firstBytes(socket: Duplex): Promise<{ bytes: Uint8Array; error?: Error }> {
  return new Promise((resolve) => {
    const parts: Uint8Array[] = [];
    let size = 0;
    const done = () => resolve({ bytes: concat(parts) });
    socket.on("data", (chunk: Uint8Array) => {
      parts.push(chunk);
      size += chunk.length;
      if (size >= ENOUGH) done();
    });
    socket.once("end", done);
    socket.once("close", done);
    socket.once("error", (error) => resolve({ bytes: concat(parts), error }));
    socket.write(PREFACE);
  });
}

/** Whether a TLS handshake gets an answer. Who answers is not verified: nothing is sent but the greeting. */
async function speaksTls(
  { address }: Endpoint,
  options: DialOptions,
  stop: Deadline,
): Promise<boolean> {
  const socket = await dial({ address }, options);
  try {
    const secured = tls.connect({
      socket,
      rejectUnauthorized: false,
      ALPNProtocols: ["h2"],
    });
    return await stop.before(
      new Promise((resolve) => {
        secured.once("secureConnect", () => resolve(true));
        secured.on("error", () => resolve(false));
        secured.once("close", () => resolve(false));
      }),
    );
  } finally {
    await closeSocket(socket);
  }
}
