/** A TCP proxy before a daemon that passes on only so many bytes a second. */
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A running proxy. */
export interface Throttle extends AsyncDisposable {
  /** `tcp://127.0.0.1:port` */
  readonly address: string;
}

/** Time that may be caught up by passing on at once, so that timers' coarseness costs nothing. */
const SLACK_MS = 20;

/** Starts a proxy before `target`, `tcp://host:port`; `rate` is in bytes a second to the daemon, for each connection. */
export async function startThrottle(target: string, rate: number): Promise<Throttle> {
  const { hostname, port } = new URL(target.replace(/^tcp:/, "http:"));
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const daemon = connect(Number(port), hostname);
    for (const [socket, other] of [[client, daemon], [daemon, client]] as const) {
      sockets.add(socket);
      // Who breaks the connection is no concern of the proxy; the other end must notice.
      socket.on("error", () => {});
      socket.on("close", () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
    daemon.pipe(client);
    client.on("end", () => daemon.end());
    pour(client, daemon, rate);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    address: `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
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
