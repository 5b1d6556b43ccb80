/** Relays: servers that pass what comes to them on to another one. */
import { type AddressInfo, connect, createServer } from "node:net";
import type { ListenOptions, Server, Socket } from "node:net";
import { Server as TlsServer } from "node:tls";

/** Passes on between the two sockets of a connection. */
export type Pass = (client: Socket, upstream: Socket) => void;

/** Each end gets what the other one sends. */
export function pipeBoth(client: Socket, upstream: Socket): void {
  client.pipe(upstream);
  upstream.pipe(client);
}

/** Has `server` listen and pass each connection on to the one that `open` makes; it ends with all of them. */
export async function relay(
  server: Server,
  listen: ListenOptions,
  open: () => Socket,
  pass: Pass = pipeBoth,
): Promise<AsyncDisposable> {
  const sockets = new Set<Socket>();
  server.on(server instanceof TlsServer ? "secureConnection" : "connection", (client: Socket) => {
    const upstream = open();
    tie(sockets, client, upstream);
    pass(client, upstream);
  });
  await new Promise<void>((resolve) => server.listen(listen, resolve));
  return {
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A relay before a daemon on TCP. */
export interface TcpRelay extends AsyncDisposable {
  /** `tcp://127.0.0.1:port` */
  readonly address: string;
}

/** A relay on a free port before `target`, `tcp://host:port`. */
export async function relayTcp(target: string, pass: Pass): Promise<TcpRelay> {
  const { hostname, port } = new URL(target.replace(/^tcp:/, "http:"));
  const server = createServer();
  const listen = { port: 0, host: "127.0.0.1" };
  const relaying = await relay(server, listen, () => connect(Number(port), hostname), pass);
  return {
    address: `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: () => relaying[Symbol.asyncDispose](),
  };
}

/** Both ends of a connection live and die together, and are in `sockets` as long as they live. */
export function tie(sockets: Set<Socket>, client: Socket, upstream: Socket): void {
  for (const [socket, other] of [[client, upstream], [upstream, client]] as const) {
    sockets.add(socket);
    // Who breaks a connection is no concern of what is between; the other end must notice.
    socket.on("error", () => {});
    socket.on("close", () => {
      sockets.delete(socket);
      other.destroy();
    });
  }
}
