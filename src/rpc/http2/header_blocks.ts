/** Puts header blocks together from HEADERS and CONTINUATION frames (RFC 9113, 4.3) and decodes them. */
import { ProtocolError } from "../../errors.ts";
import { concat } from "../concat.ts";
import { Flag, type Frame, FrameType, unpadded } from "./frames.ts";
import { type HeaderField, HpackDecoder } from "./hpack.ts";

/** Bound on one header block: 64 MiB decoded is more than any ignore file, and less than harm. */
export const MAX_HEADER_LIST = 64 << 20;
const MAX_HEADER_BLOCK = 32 << 20;
/** Bytes that HEADERS spends on a priority. */
const PRIORITY_SIZE = 5;

/** A complete block. */
export interface HeaderBlock {
  readonly stream: number;
  /** Whether the peer sends no more on the stream. */
  readonly last: boolean;
  readonly fields: readonly HeaderField[];
}

/** The blocks of one connection, in order. */
export class HeaderBlocks {
  readonly #hpack = new HpackDecoder(MAX_HEADER_LIST);
  #stream = 0;
  #last = false;
  #parts: Uint8Array[] | undefined;
  #size = 0;

  /** Throws unless `frame` may come now: a block must not be interrupted. */
  check(frame: Frame): void {
    if (this.#parts === undefined || frame.type === FrameType.CONTINUATION) return;
    throw new ProtocolError("HTTP/2: a header block was interrupted");
  }

  /** Takes HEADERS; the block, if that is all of it. */
  begin(frame: Frame): HeaderBlock | undefined {
    const payload = unpadded(frame);
    this.#stream = frame.stream;
    this.#last = (frame.flags & Flag.END_STREAM) !== 0;
    this.#parts = [];
    this.#size = 0;
    return this.#add(
      frame,
      frame.flags & Flag.PRIORITY ? payload.subarray(PRIORITY_SIZE) : payload,
    );
  }

  /** Takes CONTINUATION; the block, if it is complete. */
  proceed(frame: Frame): HeaderBlock | undefined {
    if (this.#parts === undefined || frame.stream !== this.#stream) {
      throw new ProtocolError("HTTP/2: a continuation of nothing");
    }
    return this.#add(frame, frame.payload);
  }

  #add(frame: Frame, part: Uint8Array): HeaderBlock | undefined {
    const parts = this.#parts!;
    if (part.length > 0) parts.push(part);
    this.#size += part.length;
    if (this.#size > MAX_HEADER_BLOCK) {
      throw new ProtocolError("HTTP/2: a header block is too large");
    }
    if ((frame.flags & Flag.END_HEADERS) === 0) return undefined;
    this.#parts = undefined;
    // Decoded even where the stream is of no interest any more: the table is the connection's.
    return { stream: this.#stream, last: this.#last, fields: this.#hpack.decode(concat(parts)) };
  }
}
