/** The frames in which an engine sends a program's standard streams when it has no terminal (moby api/pkg/stdcopy). */

/** Takes the bytes of each stream. */
export interface StandardStreams {
  stdout(bytes: Uint8Array): void;
  stderr(bytes: Uint8Array): void;
}

/** Kind of the stream, three zeros, the length as a big-endian number. */
const HEADER_SIZE = 8;
const STDERR = 2;

/** Takes frames apart, however the bytes come. Content is passed on as it comes, never collected. */
export class FrameSplitter {
  readonly #streams: StandardStreams;
  readonly #header = new Uint8Array(HEADER_SIZE);
  #headerSize = 0;
  /** What is still to come of the frame. */
  #left = 0;

  constructor(streams: StandardStreams) {
    this.#streams = streams;
  }

  push(chunk: Uint8Array): void {
    let at = 0;
    while (at < chunk.length) {
      at += this.#left > 0 ? this.#content(chunk.subarray(at)) : this.#head(chunk.subarray(at));
    }
  }

  /** Returns how many bytes it took. */
  #head(bytes: Uint8Array): number {
    const part = bytes.subarray(0, HEADER_SIZE - this.#headerSize);
    this.#header.set(part, this.#headerSize);
    this.#headerSize += part.length;
    if (this.#headerSize === HEADER_SIZE) {
      this.#headerSize = 0;
      this.#left = new DataView(this.#header.buffer).getUint32(4);
    }
    return part.length;
  }

  /** Returns how many bytes it took. */
  #content(bytes: Uint8Array): number {
    const part = bytes.subarray(0, this.#left);
    this.#left -= part.length;
    if (this.#header[0] === STDERR) this.#streams.stderr(part);
    else this.#streams.stdout(part);
    return part.length;
  }
}
