/** A connection that a program of the build made to its SSH_AUTH_SOCK. */
export interface Connection {
  /** What it sends, cut anywhere; ends with its half-close, throws when the connection breaks off. */
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Sends bytes; resolves when there is room for more, rejects when the connection has broken off. */
  write(bytes: Uint8Array): Promise<void>;
  /** Fires when the connection is gone. */
  readonly signal: AbortSignal;
}

/** Answers one connection, to its end: when it returns or throws, the connection is closed. */
export type Answer = (connection: Connection) => Promise<void>;
