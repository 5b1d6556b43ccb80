import { Buffer } from "node:buffer";
import { concat } from "../rpc/concat.ts";
import { AgentMessage, FAILURE, serveAgent } from "./agent_protocol.ts";
import type { Answer } from "./connection.ts";
import type { SigningKey } from "./signing_key.ts";
import { string, TruncatedError, uint32, WireReader } from "./wire.ts";

/** An agent that holds these keys, in this process. */
export function keyAgent(keys: readonly SigningKey[]): Answer {
  const answer = (request: Uint8Array) =>
    request[0] === AgentMessage.SIGN_REQUEST ? signature(keys, request.subarray(1)) : list(keys);
  return (connection) => serveAgent(connection, answer);
}

function list(keys: readonly SigningKey[]): Uint8Array {
  const entries = keys.flatMap(({ blob, comment }) => [string(blob), string(comment)]);
  const type = Uint8Array.of(AgentMessage.IDENTITIES_ANSWER);
  return concat([type, uint32(keys.length), ...entries]);
}

function signature(keys: readonly SigningKey[], request: Uint8Array): Uint8Array {
  try {
    const reader = new WireReader(request);
    const blob = reader.string();
    const data = reader.string();
    const flags = reader.uint32();
    const key = keys.find((key) => Buffer.compare(key.blob, blob) === 0);
    if (key === undefined) return FAILURE;
    const signed = string(key.sign(data, flags));
    return concat([Uint8Array.of(AgentMessage.SIGN_RESPONSE), signed]);
  } catch (error) {
    // An agent refuses a request that ends too early, and goes on.
    if (error instanceof TruncatedError) return FAILURE;
    throw error;
  }
}
