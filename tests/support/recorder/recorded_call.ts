/** What the recorder keeps of one gRPC call. */

/** One call, as it went over the wire. */
export interface RecordedCall {
  /** `/package.Service/Method` */
  readonly path: string;
  /** The request's headers, without HTTP/2's own. */
  readonly metadata: ReadonlyArray<readonly [string, string]>;
  /** Decoded messages of the caller; empty where the method's messages are not kept. */
  readonly requests: unknown[];
  /** Decoded messages of the one who answers. */
  readonly responses: unknown[];
  /** All messages of the caller, also those that are not kept. */
  readonly sent: Traffic;
  readonly received: Traffic;
  /** The status that ended it: gRPC's code and message; undefined while it runs, or if it was reset. */
  status: { readonly code: number; readonly message: string } | undefined;
  /** HTTP/2's code, for a call that one side gave up. */
  reset: number | undefined;
  /** The calls within, for `Control.Session`: made by the daemon, served by the client. */
  readonly inner: RecordedCall[];
}

/** How much went one way. */
export interface Traffic {
  messages: number;
  bytes: number;
}

/** A call of which nothing but the beginning is known. */
export function newCall(
  path: string,
  metadata: ReadonlyArray<readonly [string, string]>,
): RecordedCall {
  return {
    path,
    metadata,
    requests: [],
    responses: [],
    sent: { messages: 0, bytes: 0 },
    received: { messages: 0, bytes: 0 },
    status: undefined,
    reset: undefined,
    inner: [],
  };
}
