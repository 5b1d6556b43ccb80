import { ProtocolError } from "../errors.ts";
import type { Handler, ServerCall } from "./call.ts";
import { envelope } from "./envelope.ts";
import type { Method } from "./method.ts";

/** A handler for a method with one request and one answer. */
export function unary<Request, Response>(
  method: Method<Request, Response>,
  answer: (request: Request, call: ServerCall) => Promise<Partial<Response>> | Partial<Response>,
): Handler {
  return async (call) => {
    const request = method.request.decode(await onlyMessage(call));
    await call.write(envelope(method.response.encode(await answer(request, call))));
  };
}

/** The request of a call that has one. Throws a `ProtocolError` if it has none. */
export async function onlyMessage(call: ServerCall): Promise<Uint8Array> {
  for await (const [message] of call.batches) {
    if (message !== undefined) return message;
  }
  throw new ProtocolError(`The peer called ${call.path} without a request`);
}
