/** Sessions that the daemon gave up: two of its calls for the session's health got no answer in time (session/grpc.go). */
import { ConnectionError } from "../errors.ts";
import { RpcError } from "../rpc/status.ts";
import { ENDED } from "../rpc/tunnel.ts";

/** As daemons call it since v0.10. */
const VERDICT = "session healthcheck failed fatally";

/** From this on it was this program: the daemon allows more than twice as much, in milliseconds. */
const LONG_MS = 15_000;

/** Whether a build failed of that; `missedMs` is how long this program did nothing but something else. */
export function isUnanswered(error: unknown, missedMs: number): boolean {
  if (error instanceof RpcError) return error.message.includes(VERDICT);
  // A daemon that is stopped ends its sessions in order, too.
  return missedMs > LONG_MS && error instanceof ConnectionError && error.cause instanceof Error &&
    error.cause.message === ENDED;
}

/** The error that says so. */
export function unanswered(address: string, missedMs: number, cause: unknown): ConnectionError {
  const seconds = Math.round(missedMs / 1000);
  const why = missedMs > LONG_MS
    ? `this program was busy or asleep for more than ${seconds} s. Do long work in pieces, or in a Worker`
    : "either the network to it is cut or very slow, or this program was too busy";
  const message = `Lost the connection to ${address}: the builder ended the session. ` +
    `It makes a call every five seconds, and some got no answer in time: ${why}`;
  return new ConnectionError("CONNECTION_LOST", address, message, cause);
}
