/** Runs in a network namespace: listens on a port of an address for each socket, leads there, and prints the ports. */
import { type AddressInfo, connect, createServer } from "node:net";
import process from "node:process";

const [address, ...sockets] = process.argv.slice(2);

const ports = await Promise.all(sockets.map(async (path) => {
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const upstream = connect({ path, allowHalfOpen: true });
    for (const [from, to] of [[client, upstream], [upstream, client]] as const) {
      from.pipe(to);
      // Whoever breaks a connection, the other end must notice.
      from.on("error", () => {});
      from.on("close", () => to.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  return (server.address() as AddressInfo).port;
}));
console.log(JSON.stringify(ports));
