import type { CallOptions } from "./channel.ts";
import type { Method } from "./method.ts";

/** Whatever can call a daemon's methods. */
export interface Caller {
  /** Where the daemon is, for messages. */
  readonly address: string;
  /** Calls a method with one answer. */
  call<Q, S>(method: Method<Q, S>, request: Partial<Q>, options?: CallOptions): Promise<S>;
  /** Calls a method with a stream of answers; leaving the loop cancels the call. */
  stream<Q, S>(
    method: Method<Q, S>,
    request: Partial<Q>,
    options?: CallOptions,
  ): AsyncIterable<S>;
}
