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
    for (let i = 0; i < bytes.length; i++) {
      this.#head[this.#headSize++] = bytes[i]!;
      if (this.#headSize < FRAME_HEADER) continue;
      const left = messageLength(this.#head) - (this.#headSize - FRAME_HEADER);
      const head = this.#head.slice(FRAME_HEADER, this.#headSize);
      if (left > 0 && isIncomplete(head)) continue;
      this.#headSize = 0;
      this.#begin(head, left, onData);
      return bytes.subarray(i + 1);
    }
    return bytes.subarray(bytes.length);
  }

  /** `left` bytes of a message come behind its `head`. */
  #begin(head: Uint8Array, left: number, onData: (data: Uint8Array) => void): void {
    this.#left = left;
    if (left > 0 && dataLength(head) === left) return;
    this.#whole = [];
    this.#take(head, onData);
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

/** Whether more than `head` is needed to know whether the message is nothing but data. */
function isIncomplete(head: Uint8Array): boolean {
  if (head.length < 2) return head.length === 0 || head[0] === BYTES_DATA_TAG;
  return head.at(-1)! >= 0x80 && head.length < LONGEST_HEAD - FRAME_HEADER;
}

/** The length that stands behind the tag of the data; -1 behind another. */
function dataLength(head: Uint8Array): number {
  let length = 0;
  for (let i = 1; i < head.length; i++) length += (head[i]! & 0x7f) * 2 ** (7 * (i - 1));
  return head[0] === BYTES_DATA_TAG ? length : -1;
}
