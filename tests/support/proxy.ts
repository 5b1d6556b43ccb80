/** A TCP proxy before a daemon, to stop and to cut connections at a chosen point. */
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { tie } from "./relay.ts";

/** A running proxy. */
export interface Proxy extends AsyncDisposable {
  /** `tcp://127.0.0.1:port` */
  readonly address: string;
  /** Resolves once this many bytes went to the daemon; nothing more goes there until {@linkcode Proxy.release}. */
  holdAfter(bytes: number): Promise<void>;
  release(): void;
  /** Breaks all connections. */
  cut(): void;
}

/** Starts a proxy before the daemon at `target`, for example `tcp://127.0.0.1:1234`. */
export async function startProxy(target: string): Promise<Proxy> {
  const { hostname, port } = new URL(target.replace(/^tcp:/, "http:"));
  const sockets = new Set<Socket>();
  let sent = 0;
  let limit = Infinity;
  let reached = () => {};
  const uploads = new Set<Socket>();
  const server = createServer((client) => {
    const daemon = connect(Number(port), hostname);
    uploads.add(client);
    tie(sockets, client, daemon);
    client.on("close", () => uploads.delete(client));
    daemon.pipe(client);
    client.on("data", (chunk) => {
      sent += chunk.length;
      if (!daemon.write(chunk)) client.pause();
      if (sent < limit) return;
      for (const upload of uploads) upload.pause();
      reached();
    });
    daemon.on("drain", () => sent < limit && client.resume());
    client.on("end", () => daemon.end());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    address: `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    holdAfter(bytes) {
      limit = sent + bytes;
      return new Promise((resolve) => reached = resolve);
    },
    release() {
      limit = Infinity;
      for (const upload of uploads) upload.resume();
    },
    cut,
    async [Symbol.asyncDispose]() {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
