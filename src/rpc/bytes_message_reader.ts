import { BytesMessage } from "../gen/control.ts";
import { BYTES_DATA_TAG } from "./bytes_message.ts";
import { concat } from "./concat.ts";
import { FRAME_HEADER, messageLength } from "./envelope.ts";

/** Bytes of the longest head: the message's header, the field's tag, and a length of five bytes. */
const LONGEST_HEAD = FRAME_HEADER + 1 + 5;

/**
 * Takes the data out of a stream of BytesMessages as it comes, without waiting for whole messages: for a tunnel their borders
 * mean nothing, and putting them together would copy all that passes through it.
 */
export class BytesMessageReader {
  readonly #head = new Uint8Array(LONGEST_HEAD);
  #headSize = 0;
  /** Bytes of data that are still to come of the message. */
  #left = 0;
  /** The parts of a message that is more than its data. */
  #whole: Uint8Array[] | undefined;

  /** Calls `onData` for what `piece` has of the data. Throws a `ProtocolError` if it is not of such messages. */
  push(piece: Uint8Array, onData: (data: Uint8Array) => void): void {
    let bytes = piece;
    while (bytes.length > 0) {
      if (this.#left === 0) bytes = this.#readHead(bytes, onData);
      else {
        const part = bytes.subarray(0, this.#left);
        bytes = bytes.subarray(part.length);
        this.#left -= part.length;
        this.#take(part, onData);
      }
    }
  }

  /** Reads on in the head of a message, and returns what is behind it. */
  #readHead(bytes: Uint8Array, onData: (data: Uint8Array) => void): Uint8Array {
    const head = this.#head;
    for (let i = 0; i < bytes.length; i++) {
      head[this.#headSize++] = bytes[i]!;
      const size = this.#headSize - FRAME_HEADER;
      if (size < 0) continue;
      const left = messageLength(head) - size;
      if (left > 0 && isIncomplete(head, size)) continue;
      this.#headSize = 0;
      this.#begin(head.subarray(FRAME_HEADER, FRAME_HEADER + size), left, onData);
      return bytes.subarray(i + 1);
    }
    return bytes.subarray(bytes.length);
  }

  /** `left` bytes of a message come behind its `head`. */
  #begin(head: Uint8Array, left: number, onData: (data: Uint8Array) => void): void {
    this.#left = left;
    if (left > 0 && dataLength(head) === left) return;
    this.#whole = [];
    this.#take(head.slice(), onData);
  }

  #take(part: Uint8Array, onData: (data: Uint8Array) => void): void {
    if (this.#whole === undefined) return onData(part);
    this.#whole.push(part);
    if (this.#left > 0) return;
    const { data } = BytesMessage.decode(concat(this.#whole));
    this.#whole = undefined;
    if (data.length > 0) onData(data);
  }
}

/** Whether more than `size` bytes are needed to know whether a message is nothing but data. */
function isIncomplete(head: Uint8Array, size: number): boolean {
  if (size < 2) return size === 0 || head[FRAME_HEADER] === BYTES_DATA_TAG;
  return head[FRAME_HEADER + size - 1]! >= 0x80 && size < LONGEST_HEAD - FRAME_HEADER;
}

/** The length that stands behind the tag of the data; -1 behind another. */
function dataLength(head: Uint8Array): number {
  let length = 0;
  for (let i = 1; i < head.length; i++) length += (head[i]! & 0x7f) * 2 ** (7 * (i - 1));
  return head[0] === BYTES_DATA_TAG ? length : -1;
}
