/** Characters after which a line is ended: what never ends its lines must still be shown, and not be kept. */
const LONGEST_LINE = 64 << 10;

/** One line of a step's output. */
export interface LogLine {
  /** The text as it came, escape sequences included. */
  text: string;
  /** When the line began, in seconds since the step did. */
  readonly seconds: number;
  /** Ended by a carriage return alone: a terminal would write the next line over it. */
  overwritten: boolean;
}

/**
 * Puts the chunks of a step's output together to lines. Both streams share the lines, as on a terminal; characters are
 * put together for each stream on its own.
 */
export class StepLog {
  readonly #decoders = new Map<number, TextDecoder>();
  #lines: LogLine[] = [];
  #dropped = 0;
  #open: LogLine | undefined;
  #afterReturn = false;
  /** The line that ended by a carriage return last; undefined if that stood alone. */
  #returned: LogLine | undefined;

  /** Number of complete lines there ever were. */
  get count(): number {
    return this.#dropped + this.#lines.length;
  }

  /** The last line, while it has no end. */
  get open(): LogLine | undefined {
    return this.#open;
  }

  /** Adds a chunk that the daemon got `seconds` after the step began. */
  write(data: Uint8Array, stream: number, seconds: number): void {
    let decoder = this.#decoders.get(stream);
    if (decoder === undefined) this.#decoders.set(stream, decoder = new TextDecoder());
    this.#append(decoder.decode(data, { stream: true }), seconds);
  }

  /** No more is expected: shows characters that were cut off as U+FFFD. */
  end(): void {
    for (const decoder of this.#decoders.values()) this.#append(decoder.decode(), 0);
    this.#decoders.clear();
  }

  /** The complete lines from number `index` on, counted from 0, as far as they are kept. */
  from(index: number): LogLine[] {
    return this.#lines.slice(Math.max(0, index - this.#dropped));
  }

  /** The last `count` lines, the open one included. */
  tail(count: number): LogLine[] {
    if (count <= 0) return [];
    const lines = this.#lines.slice(-count);
    if (this.#open !== undefined) lines.push(this.#open);
    return lines.slice(-count);
  }

  /** Forgets all complete lines but the last `count`, and of those what is more than `characters`. */
  keepLast(count: number, characters = Infinity): void {
    let kept = 0;
    let left = characters;
    for (let index = this.#lines.length - 1; index >= 0 && kept < count; index--) {
      left -= this.#lines[index]!.text.length;
      if (left < 0 && kept > 0) break;
      kept++;
    }
    const excess = this.#lines.length - kept;
    if (excess <= 0) return;
    this.#lines = this.#lines.slice(excess);
    this.#dropped += excess;
  }

  #append(text: string, seconds: number): void {
    if (this.#afterReturn && text !== "") {
      this.#afterReturn = false;
      if (text.startsWith("\n")) {
        text = text.slice(1);
        this.#completeEnd(seconds);
      }
    }
    const parts = text.split(/(\r?\n|\r)/);
    for (let index = 0; index < parts.length; index += 2) {
      this.#extend(parts[index]!, seconds);
      const end = parts[index + 1];
      if (end !== undefined) this.#close(end === "\r", seconds);
    }
    this.#afterReturn = text.endsWith("\r") || (this.#afterReturn && text === "");
  }

  /** The line break that came is the second half of one whose first half was taken for a carriage return. */
  #completeEnd(seconds: number): void {
    if (this.#returned === undefined) this.#close(false, seconds);
    else this.#returned.overwritten = false;
  }

  #extend(text: string, seconds: number): void {
    if (text === "") return;
    if (this.#open === undefined) this.#open = { text, seconds, overwritten: false };
    else this.#open.text += text;
    if (this.#open.text.length >= LONGEST_LINE) this.#close(false, seconds);
  }

  #close(overwritten: boolean, seconds: number): void {
    const line = this.#open;
    this.#open = undefined;
    if (overwritten) this.#returned = line;
    if (line === undefined) {
      // A lone carriage return on an empty line, as before a progress bar's redraw, says nothing.
      if (!overwritten) this.#lines.push({ text: "", seconds, overwritten });
      return;
    }
    line.overwritten = overwritten;
    this.#lines.push(line);
  }
}
