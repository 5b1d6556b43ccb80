import type { Socket } from "node:net";
import type { Answer, Connection } from "./connection.ts";
import { closeSocket, openSocket, writeTo } from "./socket.ts";

/** Has a socket answer: bytes pass both ways as they are. */
export function rawSocket(path: string): Answer {
  return async (connection) => {
    const socket = await openSocket(path, connection.signal);
    // A failure there shows in the other direction.
    const sending = send(connection, socket).catch((error) => void socket.destroy(error));
    try {
      for await (const chunk of socket) await connection.write(chunk as Uint8Array);
      // A call can't be half-closed from this side: with the owner's last byte it is over. To wait for the build's last byte
      // instead, as the Go client does, would leave alone a program that reads to the end before it closes.
    } finally {
      await closeSocket(socket);
    }
    void sending;
  };
}

async function send({ chunks }: Connection, socket: Socket): Promise<void> {
  for await (const chunk of chunks) await writeTo(socket, chunk);
  socket.end();
}
