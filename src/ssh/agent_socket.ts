import { agentMessages, serveAgent } from "./agent_protocol.ts";
import type { Answer } from "./connection.ts";
import { closeSocket, openSocket, writeTo } from "./socket.ts";
import { string } from "./wire.ts";

/** Has an agent answer, by its socket. Each connection gets one of its own. */
export function agentSocket(path: string): Answer {
  return async (connection) => {
    const socket = await openSocket(path, connection.signal);
    try {
      const replies = agentMessages(socket);
      await serveAgent(connection, async (request) => {
        await writeTo(socket, string(request));
        const { value } = await replies.next();
        if (value === undefined) throw new Error(`the agent at ${path} closed the connection`);
        return value;
      });
    } finally {
      await closeSocket(socket);
    }
  };
}
