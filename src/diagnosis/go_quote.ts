/** Text in double quotes as Go's `%q` writes it, of which JSON's is a part. */

const ESCAPES: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

/** The source of an expression for a quoted text; its group is what is inside the quotes. */
export const QUOTED = String.raw`"((?:[^"\\]|\\.)*)"`;

/** The text that stands in quotes, for what {@linkcode QUOTED} found inside them. */
export function unquote(inside: string): string {
  return inside.replace(
    /\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8})|(.))/gs,
    (_, byte?: string, short?: string, long?: string, other?: string) => {
      const code = byte ?? short ?? long;
      return code === undefined ? ESCAPES[other!] ?? other! : String.fromCodePoint(
        Math.min(parseInt(code, 16), 0x10ffff),
      );
    },
  );
}

/** Text in quotes, as `%q` writes it. */
export function goQuote(text: string): string {
  const escaped = text.replace(/["\\]|[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, (char) => {
    if (char === '"' || char === "\\") return `\\${char}`;
    const name = Object.keys(ESCAPES).find((name) => ESCAPES[name] === char);
    if (name !== undefined) return `\\${name}`;
    const code = char.codePointAt(0)!;
    if (code < 0x80) return `\\x${code.toString(16).padStart(2, "0")}`;
    return code > 0xffff
      ? `\\U${code.toString(16).padStart(8, "0")}`
      : `\\u${code.toString(16).padStart(4, "0")}`;
  });
  return `"${escaped}"`;
}
