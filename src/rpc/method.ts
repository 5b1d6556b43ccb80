import type { MessageType } from "./codec.ts";

/** One gRPC method: its path and the codecs of what goes in and comes out. */
export interface Method<Request, Response> {
  /** `/package.Service/Method` */
  readonly path: string;
  /** Codec of the request. */
  readonly request: MessageType<Request>;
  /** Codec of the answer. */
  readonly response: MessageType<Response>;
}
