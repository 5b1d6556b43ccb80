/**
 * Text from the build that is safe to print: whatever a build says, it can't move the cursor, set the title or look
 * like a line of ours.
 */

const ESC = "\u001b";
const CSI = `(?:${ESC}\\[|\u009b)`;
/** OSC, DCS, SOS, PM and APC: what they say goes to the terminal, not to its screen. */
const STRING = `(?:${ESC}[\\]PX^_]|[\u009d\u0090\u0098\u009e\u009f])`;
const STRING_END = `(?:\u0007|\u009c|${ESC}\\\\)`;

const ESCAPES_REGEXP = new RegExp(
  `${CSI}[0-?]*[ -/]*[@-~]|${STRING}[^\u0007\u009c${ESC}]*${STRING_END}|${ESC}[ -/]*[0-~]`,
  "g",
);
const COLOR_REGEXP = new RegExp(`^${CSI}([0-9;:]*)m$`);
const CUT_ESCAPE_REGEXP = new RegExp(
  `(?:${CSI}[0-?]*[ -/]*|${STRING}[^\u0007\u009c${ESC}]*${ESC}?|${ESC}[ -/]*)$`,
);
/** Everything unprintable but the tab, escapes for colours too. */
const CONTROL_REGEXP = new RegExp(
  `[\u0000-\u0008\u000a-\u001a\u001c-\u001f\u007f-\u009f]|${ESC}(?!\\[[0-9;:]*m)`,
  "g",
);
/** Explicit marks of writing direction (Unicode UAX 9): letters that run from right to left do without. */
const DIRECTION_REGEXP = /[\u202a-\u202e\u2066-\u2069]/g;
const BREAK_REGEXP = /[\r\n\u0085\u2028\u2029]+/g;

/** Ends all colours and styles. */
export const RESET = `${ESC}[0m`;

/**
 * A line of a log without control characters; escape sequences are dropped, except, where `color` is true, those that
 * set colours and styles. The caller ends those with {@linkcode RESET}.
 */
export function safeLine(line: string, color: boolean): string {
  if (!hasControl(line)) return line;
  const keepColor = (sequence: string): string => {
    const parameters = color ? COLOR_REGEXP.exec(sequence)?.[1] : undefined;
    return parameters === undefined ? "" : `${ESC}[${parameters}m`;
  };
  return line.replace(ESCAPES_REGEXP, keepColor).replace(CONTROL_REGEXP, "");
}

/** Like {@linkcode safeLine} for a line that goes on: an escape sequence cut at its end waits for the rest. */
export function safeOpenLine(line: string, color: boolean): string {
  return hasControl(line) ? safeLine(line.replace(CUT_ESCAPE_REGEXP, ""), color) : line;
}

/**
 * Text for the inside of a line of ours, for example a name: no escapes, line breaks and tabs as spaces, and nothing that
 * turns the direction of what follows it.
 */
export function safeInline(text: string): string {
  const line = text.replace(BREAK_REGEXP, " ").replaceAll("\t", " ").replace(DIRECTION_REGEXP, "");
  return safeLine(line, false);
}

/** Lines of a text of ours, for example an error: none of them with control characters. */
export function safeLines(text: string): string[] {
  return text.split(/\r?\n/).map((line) => safeLine(line, false));
}

/** Whether a line from {@linkcode safeLine} changes colours. */
export function hasColor(line: string): boolean {
  return line.includes(ESC);
}

function hasControl(line: string): boolean {
  for (let index = 0; index < line.length; index++) {
    const code = line.charCodeAt(index);
    if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return true;
  }
  return false;
}
