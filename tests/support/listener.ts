/** A server that does with each connection what a test says. */
import { type AddressInfo, createServer, type Socket } from "node:net";

/** A running server. */
export interface Listener extends AsyncDisposable {
  /** `tcp://127.0.0.1:port` */
  readonly address: string;
  /** Connections taken so far. */
  readonly count: number;
}

/** Listens on a free port; connections that are left are destroyed at the end. */
export async function listen(serve: (socket: Socket) => void = () => {}): Promise<Listener> {
  const sockets = new Set<Socket>();
  let count = 0;
  const server = createServer((socket) => {
    count++;
    sockets.add(socket);
    // The client's end of it is what the tests look at.
    socket.on("error", () => {});
    socket.once("close", () => sockets.delete(socket));
    serve(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    address: `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get count() {
      return count;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** An address where nothing listens any more. */
export async function deadAddress(): Promise<string> {
  await using listener = await listen();
  return listener.address;
}
