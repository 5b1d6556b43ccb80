import type { MessageType } from "./codec.ts";

/** One gRPC method: its path and the codecs of what goes in and comes out. */
export interface Method<Request, Response> {
  /** `/package.Service/Method` */
  readonly path: string;
  readonly request: MessageType<Request>;
  readonly response: MessageType<Response>;
}
