/**
 * A repository's configuration: the last value by `section.key` and `section.subsection.key`, sections and keys in lower
 * case. Files that it includes, and those of the user and the machine, are not read.
 */
export type GitConfig = ReadonlyMap<string, string>;

const SECTION_REGEXP = /^\s*\[\s*([\w.-]+)(?:\s+"((?:[^"\\]|\\.)*)")?\s*\]/;
const KEY_REGEXP = /^\s*([A-Za-z][A-Za-z0-9-]*)\s*(=?)\s*/;
const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", b: "\b" };

/** Reads a configuration file's text (git-config, "Syntax"). What is malformed is passed over. */
export function parseConfig(text: string): GitConfig {
  const values = new Map<string, string>();
  let section = "";
  // A backslash before a line's end joins it with the next.
  for (const line of text.replace(/\\\r?\n/g, "").split(/\r?\n/)) {
    const header = SECTION_REGEXP.exec(line);
    if (header !== null) {
      const [, name, sub] = header;
      const subsection = sub === undefined ? "" : `.${sub.replace(/\\(.)/g, "$1")}`;
      section = name!.toLowerCase() + subsection;
    }
    const rest = header === null ? line : line.slice(header[0].length);
    const key = KEY_REGEXP.exec(rest);
    if (key === null) continue;
    const value = key[2] === "" ? "true" : unquote(rest.slice(key[0].length));
    values.set(`${section}.${key[1]!.toLowerCase()}`, value);
  }
  return values;
}

/** A value without its quotes and its comment. */
function unquote(text: string): string {
  let value = "";
  let quoted = false;
  // Blanks at the end count only in quotes.
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!;
    if (char === '"') quoted = !quoted;
    else if (!quoted && (char === "#" || char === ";")) break;
    else if (char === "\\") value += ESCAPES[text[++i] ?? ""] ?? text[i] ?? "";
    else value += char;
    if (quoted || !/\s/.test(char)) length = value.length;
  }
  return value.slice(0, length);
}
