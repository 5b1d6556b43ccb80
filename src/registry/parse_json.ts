/**
 * JSON with positions in its errors. The platform's own messages quote the text around the mistake, and around here that
 * text is passwords.
 */

/** Where JSON text breaks off making sense; both count from 1. */
export class JsonSyntaxError extends Error {
  readonly line: number;
  readonly column: number;

  constructor(text: string, offset: number) {
    const before = text.slice(0, offset).split("\n");
    const line = before.length;
    const column = before[line - 1]!.length + 1;
    super(`not valid JSON at line ${line}, column ${column}`);
    this.line = line;
    this.column = column;
  }
}

/** Parses JSON text. Throws a `JsonSyntaxError`, which shows nothing of the text. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A SyntaxError, the only thing that JSON.parse throws; not kept, even as cause, because it quotes the text.
    throw new JsonSyntaxError(text, errorOffset(text));
  }
}

const STRING_REGEXP =
  // deno-lint-ignore no-control-regex
  /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4}))*"/y;
const LITERAL_REGEXP = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null/y;
const BLANK_REGEXP = /[ \t\n\r]*/y;

/** How far `text` follows the grammar of JSON. */
function errorOffset(text: string): number {
  let offset = 0;
  const take = (pattern: RegExp): boolean => {
    pattern.lastIndex = offset;
    if (!pattern.test(text)) return false;
    BLANK_REGEXP.lastIndex = pattern.lastIndex;
    BLANK_REGEXP.test(text);
    offset = BLANK_REGEXP.lastIndex;
    return true;
  };
  const list = (close: RegExp, item: () => boolean): boolean => {
    if (take(close)) return true;
    do {
      if (!item()) return false;
    } while (take(/,/y));
    return take(close);
  };
  const member = (): boolean => take(STRING_REGEXP) && take(/:/y) && value();
  const value = (): boolean => {
    if (take(/\{/y)) return list(/\}/y, member);
    if (take(/\[/y)) return list(/\]/y, value);
    return take(STRING_REGEXP) || take(LITERAL_REGEXP);
  };
  take(BLANK_REGEXP);
  value();
  return offset;
}
