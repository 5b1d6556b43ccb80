/** BytesMessage, `{ bytes data = 1 }`, without the cost of a codec: it carries all the bulk there is. */
import { BytesMessage } from "../gen/control.ts";
import { FRAME_HEADER, writeFrameHeader } from "./envelope.ts";

/** The tag of the data: field 1, with a length. */
export const BYTES_DATA_TAG = 0x0a;

/** gRPC frame header, then the field's tag and length: what stands before `length` bytes of data. */
export function bytesMessageHeader(length: number): Uint8Array {
  const prefix = [BYTES_DATA_TAG];
  let rest = length;
  for (; rest > 0x7f; rest >>>= 7) prefix.push((rest & 0x7f) | 0x80);
  prefix.push(rest);
  const header = new Uint8Array(FRAME_HEADER + prefix.length);
  writeFrameHeader(header, 0, prefix.length + length);
  header.set(prefix, FRAME_HEADER);
  return header;
}

/** The data of an encoded message; a view of it where the message is nothing but its data. */
export function bytesMessageData(message: Uint8Array): Uint8Array {
  if (message[0] !== BYTES_DATA_TAG) return BytesMessage.decode(message).data;
  let length = 0;
  let at = 1;
  for (let shift = 0; shift < 28; shift += 7) {
    const byte = message[at++] ?? 0;
    length |= (byte & 0x7f) << shift;
    if (byte < 0x80) break;
  }
  return at + length === message.length ? message.subarray(at) : BytesMessage.decode(message).data;
}
