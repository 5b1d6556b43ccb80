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
