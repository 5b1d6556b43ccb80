/**
 * Giving way to the event loop. Under Deno `setImmediate` is Node's: its first use takes 15 to 20 ms, and however often it is
 * waited for, sockets are not read meanwhile (Deno 2.9; the same is true of a message to oneself).
 */
import { builtin } from "./builtin.ts";
import { deno } from "./deno.ts";

/** Waits until all that is ready has had its turn: sockets, timers, signals. Takes 2 ms under Deno. */
export const turn: () => Promise<void> = deno === undefined
  ? () => new Promise((resolve) => void builtin("timers").setImmediate(resolve))
  : () => new Promise((resolve) => onceAborted(AbortSignal.timeout(0), resolve));

/** Calls `run` after what has just been read from sockets was worked off. Takes no time. */
export const afterReads: (run: () => void) => void = deno === undefined
  ? (run) => void builtin("timers").setImmediate(run)
  : sendToOneself;

function onceAborted(signal: AbortSignal, run: () => void): void {
  signal.addEventListener("abort", run, { once: true });
}

function sendToOneself(run: () => void): void {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    port2.close();
    run();
  };
  port2.postMessage(undefined);
}
