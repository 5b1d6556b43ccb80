import type { Metadata } from "./metadata.ts";

/** One gRPC call that the peer makes to us, as a service's handler sees it. */
export interface ServerCall {
  /** `/package.Service/Method` */
  readonly path: string;
  /** The caller's metadata. */
  readonly metadata: Metadata;
  /** Fires when the peer resets the call or the connection is gone. */
  readonly signal: AbortSignal;
  /**
   * The messages of the request stream, in arrays just as they arrive; ends with the peer's half-close. Can be iterated
   * once. Throws when the call breaks off.
   */
  readonly batches: AsyncIterable<Uint8Array[]>;
  /**
   * Sends bytes that already are gRPC frames (see envelope.ts), one or many. The buffer must not be changed afterwards.
   * Returns undefined while there is room, else a promise to wait for before the next write; it rejects when the call
   * breaks off.
   */
  write(frames: Uint8Array): Promise<void> | undefined;
}

/** Serves one call: returning ends it with OK, throwing an `RpcError` with that status, anything else with UNKNOWN. */
export type Handler = (call: ServerCall) => Promise<void>;

/** What a session service adds: its methods by path. */
export type Handlers = Readonly<Record<string, Handler>>;
