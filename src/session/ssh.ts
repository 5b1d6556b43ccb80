/** The session's SSH service: a stream for each connection to the socket in a step (session/sshforward). */
import { SSH } from "../gen/sshforward.ts";
import { bytesMessageData, bytesMessageHeader } from "../rpc/bytes_message.ts";
import type { Handlers, ServerCall } from "../rpc/call.ts";
import { concat } from "../rpc/concat.ts";
import { quoted, Refusal } from "../rpc/refusal.ts";
import { StatusCode } from "../rpc/status.ts";
import { unary } from "../rpc/unary.ts";
import type { Answer } from "../ssh/connection.ts";

const ID = "buildkit.ssh.id";

/** The id of a mount that names none. */
export const DEFAULT_SSH_ID = "default";

/** Serves what answers for each id. */
export function sshHandlers(answers: ReadonlyMap<string, Answer>): Handlers {
  const find = (id: string | undefined): Answer => {
    const answer = answers.get(id || DEFAULT_SSH_ID);
    if (answer !== undefined) return answer;
    // With any other status the daemon repeats our words; with this one it says what is missing.
    const text = `nothing answers for the ssh id ${id}`;
    throw new Refusal(StatusCode.UNIMPLEMENTED, `the ssh keys ${quoted(id ?? "")}`, text);
  };
  return {
    [SSH.checkAgent.path]: unary(SSH.checkAgent, ({ id }) => {
      find(id);
      return {};
    }),
    [SSH.forwardAgent.path]: async (call) => {
      await find(call.metadata.get(ID))({
        chunks: chunksOf(call),
        write: async (bytes) => await call.write(concat([bytesMessageHeader(bytes.length), bytes])),
        signal: call.signal,
      });
    },
  };
}

async function* chunksOf(call: ServerCall): AsyncGenerator<Uint8Array> {
  for await (const messages of call.batches) yield* messages.map(bytesMessageData);
}
