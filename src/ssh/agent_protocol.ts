/** The agent protocol's messages, and what of them a build may send (draft-ietf-sshm-ssh-agent). */
import { concat } from "../rpc/concat.ts";
import type { Connection } from "./connection.ts";
import { readUint32, string } from "./wire.ts";

/** The messages' numbers. */
export const AgentMessage = {
  FAILURE: 5,
  REQUEST_IDENTITIES: 11,
  IDENTITIES_ANSWER: 12,
  SIGN_REQUEST: 13,
  SIGN_RESPONSE: 14,
} as const;

/** The longest message in either direction, as OpenSSH's agent and clients have it. */
const MAX_MESSAGE = 256 * 1024;

const LENGTH = 4;

/** What an agent says to all that it does not do. */
export const FAILURE: Uint8Array = Uint8Array.of(AgentMessage.FAILURE);

/** Answers a request; both without their length. */
export type AnswerRequest = (request: Uint8Array) => Promise<Uint8Array> | Uint8Array;

/**
 * Serves an agent's connection. Requests to list keys and to sign reach `answer`, one at a time. All others would change the
 * agent or let a build do more than sign: adding and removing keys, locking, extensions. They fail. A connection on which
 * something else than messages comes is over.
 */
export async function serveAgent(connection: Connection, answer: AnswerRequest): Promise<void> {
  for await (const request of agentMessages(connection.chunks)) {
    await connection.write(string(isHarmless(request) ? await answer(request) : FAILURE));
  }
}

function isHarmless(request: Uint8Array): boolean {
  return request[0] === AgentMessage.REQUEST_IDENTITIES && request.length === 1 ||
    request[0] === AgentMessage.SIGN_REQUEST;
}

/** Cuts a stream into messages, without their length; ends early at one that is empty or too long. */
export async function* agentMessages(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, undefined> {
  let pending: Uint8Array = new Uint8Array();
  for await (const chunk of chunks) {
    pending = pending.length === 0 ? chunk : concat([pending, chunk]);
    while (pending.length >= LENGTH) {
      const length = readUint32(pending, 0);
      if (length === 0 || length > MAX_MESSAGE) return;
      if (pending.length < LENGTH + length) break;
      yield pending.subarray(LENGTH, LENGTH + length);
      pending = pending.subarray(LENGTH + length);
    }
  }
}
