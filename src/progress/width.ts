/** Columns that text takes on a terminal. Control characters must have been removed. */

const PRINTABLE_ASCII_REGEXP = /^[ -~]*$/;
const ZERO_WIDTH_REGEXP = /^[\p{Mn}\p{Me}\p{Cf}]+$/u;
/** Emoji that are wide by themselves, made wide by a selector, or flags. */
const EMOJI_REGEXP = /\p{Emoji_Presentation}|\ufe0f|\p{Regional_Indicator}{2}/u;
/** East Asian wide and fullwidth, as pairs of first and last code point (Unicode EastAsianWidth). */
const WIDE = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0x4dbf],
  [0x4e00, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x17000, 0x18cff],
  [0x1b000, 0x1b2ff],
  [0x20000, 0x3fffd],
] as const;

/** Made when first needed: loading its data takes longer than all else a short build's display does. */
let segmenter: Intl.Segmenter | undefined;

function graphemes(text: string): Intl.Segments {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: "grapheme" });
  return segmenter.segment(text);
}

/** The number of columns `text` takes. */
export function displayWidth(text: string): number {
  if (PRINTABLE_ASCII_REGEXP.test(text)) return text.length;
  let width = 0;
  for (const { segment } of graphemes(text)) width += graphemeWidth(segment);
  return width;
}

/** As much of `text` as fits in `columns`; cut text ends with an ellipsis. */
export function truncate(text: string, columns: number): string {
  if (columns <= 0) return "";
  if (displayWidth(text) <= columns) return text;
  let width = 0;
  let kept = "";
  for (const { segment } of graphemes(text)) {
    width += graphemeWidth(segment);
    if (width > columns - 1) break;
    kept += segment;
  }
  return `${kept}\u2026`;
}

/** `text` filled up with spaces to `columns`. */
export function padEnd(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - displayWidth(text)));
}

function graphemeWidth(grapheme: string): number {
  if (ZERO_WIDTH_REGEXP.test(grapheme)) return 0;
  return EMOJI_REGEXP.test(grapheme) || isWide(grapheme.codePointAt(0)!) ? 2 : 1;
}

function isWide(code: number): boolean {
  return code >= 0x1100 && WIDE.some(([first, last]) => code >= first && code <= last);
}
