/** The byte stream that a session runs on, whatever carries it. */

/** How long the peer may take to end its side after we ended ours, in milliseconds. */
export const CLOSE_GRACE_MS = 2_000;

/** Bytes that a connection may hold unsent before writers are told to wait. */
export const MAX_UNSENT = 1 << 20;

/** Takes what comes out of a pipe. */
export interface PipeReceiver {
  /** Takes bytes that came. */
  data(bytes: Uint8Array): void;
  /** There is room again after {@linkcode Pipe.write} returned false. */
  drained(): void;
  /** The pipe is over: ended by the peer, or broken if there is an error. Called once, never after {@linkcode Pipe.close}. */
  closed(error: Error): void;
}

/** Bytes both ways. Reading never stops: what runs on it has its own flow control. */
export interface Pipe {
  /** Lets bytes flow to `receiver`; to be called once, at once. */
  start(receiver: PipeReceiver): void;
  /** Sends bytes, which must not change afterwards. False: better wait until `drained`. */
  write(bytes: Uint8Array): boolean;
  /**
   * Ends both sides in order and waits until nothing is open any more; `graceMs` is how long the peer may take, in
   * milliseconds, by default two seconds. Idempotent.
   */
  close(graceMs?: number): Promise<void>;
}

/** A pipe that is a connection of its own. */
export interface Wire extends Pipe {
  /** Breaks it off at once and waits until nothing is open any more. Idempotent. */
  destroy(): Promise<void>;
}
