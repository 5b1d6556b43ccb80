/** A TCP proxy before a daemon that passes on only so many bytes a second. */
import type { Socket } from "node:net";
import { relayTcp, type TcpRelay } from "../tests/support/relay.ts";

/** Time that may be caught up by passing on at once, so that timers' coarseness costs nothing. */
const SLACK_MS = 20;

/** Starts a proxy before `target`, `tcp://host:port`; `rate` is in bytes a second to the daemon, for each connection. */
export function startThrottle(target: string, rate: number): Promise<TcpRelay> {
  return relayTcp(target, (client, daemon) => {
    daemon.pipe(client);
    client.on("end", () => daemon.end());
    pour(client, daemon, rate);
  });
}

function pour(from: Socket, to: Socket, rate: number): void {
  /** When what was passed on so far would have arrived at that rate. */
  let due = 0;
  let full = false;
  let early = false;
  const resume = () => void (!full && !early && from.resume());
  from.on("data", (chunk) => {
    const now = performance.now();
    due = Math.max(due, now - SLACK_MS) + chunk.length / rate * 1_000;
    full = !to.write(chunk);
    early = due > now;
    if (early) setTimeout(() => (early = false, resume()), due - now);
    if (full || early) from.pause();
  });
  to.on("drain", () => (full = false, resume()));
}
