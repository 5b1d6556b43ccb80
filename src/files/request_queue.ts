import { PacketType } from "../gen/fsutil.ts";
import type { ServerCall } from "../rpc/call.ts";
import { FRAME_HEADER, writeFrameHeader } from "../rpc/envelope.ts";
import { afterReads } from "../runtime/event_loop.ts";

/** Longest REQ packet with its frame header: two tags, the type, and an id of five bytes. */
const MAX_FRAME = FRAME_HEADER + 8;

/**
 * Sends requests for files without ever making the reader wait: a daemon that is busy sending entries reads no requests, so a
 * receiver that waited for room would stop both. All requests of one turn of the event loop are one write.
 */
export class RequestQueue {
  readonly #call: ServerCall;
  #ids: number[] = [];
  #last: Uint8Array | undefined;
  #scheduled = false;
  #waiting = false;

  constructor(call: ServerCall) {
    this.#call = call;
  }

  /** Adds a request. */
  push(id: number): void {
    this.#ids.push(id);
    if (this.#scheduled) return;
    this.#scheduled = true;
    afterReads(() => {
      this.#scheduled = false;
      this.#flush();
    });
  }

  /** Sends one more packet after all requests; nothing may be added after it. */
  finish(frame: Uint8Array): void {
    this.#last = frame;
    this.#flush();
  }

  /** Sends one more packet instead of the requests that wait. */
  fail(frame: Uint8Array): void {
    this.#ids = [];
    this.finish(frame);
  }

  #flush(): void {
    if (this.#waiting || this.#call.signal.aborted) return;
    while (this.#ids.length > 0 || this.#last !== undefined) {
      const room = this.#call.write(this.#next());
      if (room === undefined) continue;
      this.#waiting = true;
      // A call that broke off is noticed by its reader; here there is only nothing left to send.
      room.then(() => {
        this.#waiting = false;
        this.#flush();
      }, () => {});
      return;
    }
  }

  #next(): Uint8Array {
    if (this.#ids.length > 0) {
      const frames = encodeRequests(this.#ids);
      this.#ids = [];
      return frames;
    }
    const frame = this.#last!;
    this.#last = undefined;
    return frame;
  }
}

/** One frame with a REQ packet for each id. */
export function encodeRequests(ids: readonly number[]): Uint8Array {
  const frames = new Uint8Array(ids.length * MAX_FRAME);
  let end = 0;
  for (const id of ids) {
    const start = end;
    end += FRAME_HEADER;
    frames[end++] = 1 << 3; // Packet.type
    frames[end++] = PacketType.PACKET_REQ;
    if (id !== 0) {
      frames[end++] = 3 << 3; // Packet.ID; absent means 0
      let rest = id;
      for (; rest > 0x7f; rest >>>= 7) frames[end++] = rest | 0x80;
      frames[end++] = rest;
    }
    writeFrameHeader(frames, start, end - start - FRAME_HEADER);
  }
  return frames.subarray(0, end);
}
