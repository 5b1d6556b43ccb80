/** What the Control client needs of a gRPC connection. */
import type { Method } from "./method.ts";
import type { Pipe } from "./pipe.ts";

/** Options of one call. */
export interface CallOptions {
  /** Cancels the call on both sides; it then rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** Milliseconds after which the call fails with DEADLINE_EXCEEDED. @default none */
  timeoutMs?: number | undefined;
  /** Header fields of the call, by lower-case name. @default none */
  metadata?: Readonly<Record<string, string | string[]>> | undefined;
}

/** A connection on which gRPC methods can be called. */
export interface Channel extends AsyncDisposable {
  /** Fires when the connection is over, however it ended. */
  readonly closed: AbortSignal;
  /**
   * Waits until the peer has said its first word, or the connection is over; false if `timeoutMs` pass before. A connection
   * is accepted by the system, so that it says nothing of whether the peer is alive.
   */
  greeted(timeoutMs: number, signal?: AbortSignal): Promise<boolean>;
  /** Calls a method with one answer. Throws an `RpcError` if it ends with another status than OK. */
  unary<Q, S>(method: Method<Q, S>, request: Partial<Q>, options?: CallOptions): Promise<S>;
  /** Calls a method with a stream of answers; leaving the loop cancels the call. */
  serverStream<Q, S>(
    method: Method<Q, S>,
    request: Partial<Q>,
    options?: CallOptions,
  ): AsyncIterable<S>;
  /** Opens a method with BytesMessage both ways as a byte pipe; see tunnel.ts. */
  openPipe(path: string, metadata: Readonly<Record<string, string | string[]>>): Pipe;
  /** Closes the connection and waits until its socket is closed. Calls under way fail. Idempotent. */
  close(): Promise<void>;
}
