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

/** How far `text` follows the grammar of JSON. However deep it is nested: what waits for its end is in a list. */
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
  const open: Nesting[] = [];
  const key = (): boolean => open.at(-1) !== OBJECT || take(STRING_REGEXP) && take(/:/y);
  take(BLANK_REGEXP);
  for (;;) {
    // A value, and what its beginning asks for.
    const nesting = [OBJECT, ARRAY].find((nesting) => take(nesting.begin));
    if (nesting !== undefined) {
      open.push(nesting);
      if (!take(nesting.end)) {
        if (key()) continue;
        return offset;
      }
      open.pop();
    } else if (!take(STRING_REGEXP) && !take(LITERAL_REGEXP)) return offset;
    // What may end with it, and what comes then.
    for (let last = open.at(-1); last !== undefined && take(last.end); last = open.at(-1)) {
      open.pop();
    }
    if (open.length === 0 || !take(/,/y) || !key()) return offset;
  }
}

/** What holds other values. */
interface Nesting {
  readonly begin: RegExp;
  readonly end: RegExp;
}

const OBJECT: Nesting = { begin: /\{/y, end: /\}/y };
const ARRAY: Nesting = { begin: /\[/y, end: /\]/y };
