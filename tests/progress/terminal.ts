import { Unicode11Addon } from "npm:@xterm/addon-unicode11@0.9.0";
import xterm from "npm:@xterm/headless@6.0.0";

/** A real terminal emulator without a window: the one of VS Code and many others. */
export class EmulatedTerminal implements Disposable {
  readonly #terminal: xterm.Terminal;
  /** Titles that were set, which none should be. */
  readonly titles: string[] = [];

  constructor(columns: number, rows: number) {
    this.#terminal = new xterm.Terminal({
      cols: columns,
      rows,
      scrollback: 10_000,
      // As the line discipline of a real terminal does.
      convertEol: true,
      allowProposedApi: true,
    });
    this.#terminal.loadAddon(new Unicode11Addon());
    this.#terminal.unicode.activeVersion = "11";
    this.#terminal.onTitleChange((title) => void this.titles.push(title));
  }

  /** Resolves when what was written has been shown. */
  write(text: string): Promise<void> {
    return new Promise((resolve) => this.#terminal.write(text, resolve));
  }

  resize(columns: number, rows: number): void {
    this.#terminal.resize(columns, rows);
  }

  /** The rows that are to be seen, without trailing space and empty rows at the end. */
  get screen(): string[] {
    return this.#rows(this.#terminal.buffer.active.baseY);
  }

  /** All rows, those that have scrolled away too. */
  get all(): string[] {
    return this.#rows(0);
  }

  /** Whether the cursor is shown; xterm keeps that to itself. */
  get cursorShown(): boolean {
    const core = Reflect.get(this.#terminal, "_core") as {
      coreService: { isCursorHidden: boolean };
    };
    return !core.coreService.isCursorHidden;
  }

  [Symbol.dispose](): void {
    this.#terminal.dispose();
  }

  #rows(from: number): string[] {
    const { active } = this.#terminal.buffer;
    const rows: string[] = [];
    for (let y = from; y < active.length; y++) {
      rows.push(active.getLine(y)!.translateToString(true));
    }
    while (rows.at(-1) === "") rows.pop();
    return rows;
  }
}
