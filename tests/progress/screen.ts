import { displayWidth } from "../../src/progress/width.ts";

const ESC = "\u001b";
const SEQUENCE_REGEXP = new RegExp(`^${ESC}\\[(\\??)(\\d*(?:;\\d+)*)([A-Za-z])`);

/** A terminal that knows what tty mode uses; anything else in its input is an error. */
export class Screen {
  #rows: string[] = [""];
  #row = 0;
  #column = 0;
  /** Whether the cursor is shown. */
  cursor = true;
  readonly columns: number;
  readonly rows: number;

  constructor(columns: number, rows: number) {
    this.columns = columns;
    this.rows = rows;
  }

  /** What is on the screen and above it, without trailing space. */
  get lines(): string[] {
    const lines = this.#rows.map((line) => line.trimEnd());
    while (lines.at(-1) === "") lines.pop();
    return lines;
  }

  write(text: string): void {
    while (text !== "") {
      const sequence = SEQUENCE_REGEXP.exec(text);
      if (sequence !== null) this.#control(sequence);
      else this.#put(text[0]!);
      text = text.slice(sequence?.[0].length ?? 1);
    }
  }

  #control([whole, privateMark, parameters, final]: RegExpExecArray): void {
    if (privateMark === "?") this.cursor = final === "h";
    else if (final === "A") {
      const top = Math.max(0, this.#rows.length - this.rows);
      this.#row = Math.max(top, this.#row - Number(parameters));
    } else if (final === "K") this.#rows[this.#row] = this.#current.slice(0, this.#column);
    else if (final === "J") {
      this.#rows[this.#row] = this.#current.slice(0, this.#column);
      this.#rows.length = this.#row + 1;
    } else if (final !== "m") throw new Error(`The screen doesn't know ${JSON.stringify(whole)}`);
  }

  #put(character: string): void {
    if (character === "\r") this.#column = 0;
    else if (character === "\n") this.#newLine();
    else if (character < " ") throw new Error(`Unexpected ${JSON.stringify(character)}`);
    else {
      if (displayWidth(this.#current.slice(0, this.#column) + character) > this.columns) {
        this.#newLine();
      }
      const line = this.#current.padEnd(this.#column);
      this.#rows[this.#row] = line.slice(0, this.#column) + character +
        line.slice(this.#column + 1);
      this.#column++;
    }
  }

  #newLine(): void {
    this.#row++;
    this.#column = 0;
    this.#rows[this.#row] ??= "";
  }

  get #current(): string {
    return this.#rows[this.#row]!;
  }
}
