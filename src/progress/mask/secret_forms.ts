/** The forms in which a secret is looked for in what a build prints. */
import { builtin } from "../../runtime/builtin.ts";

/** Shorter values are too likely to be a part of innocent words. */
const MIN_VALUE_BYTES = 4;
/** Of a value of several lines each line is looked for that has as much; others, like a brace, say nothing. */
const MIN_LINE_BYTES = 8;
/** Characters of a piece of base64: fewer are too likely in any other base64. */
const MIN_BASE64 = 8;
/** Where common programs break their base64: base64(1), and PEM. */
const BASE64_LINES = [76, 64];

/**
 * The value without blanks around it; each of its lines; and how it looks as base64, alone or as a part of something
 * longer, in JSON, and in an address. None for a value of fewer than four bytes.
 */
export function secretForms(value: Uint8Array): Uint8Array[] {
  const { Buffer } = builtin("buffer");
  // One character for each byte.
  const whole = trim(Buffer.from(value).toString("latin1"));
  if (whole.length < MIN_VALUE_BYTES) return [];
  const lines = whole.split(/[\r\n]+/).map(trim);
  const long = lines.length < 2 ? [] : lines.filter((line) => line.length >= MIN_LINE_BYTES);
  const plain = [whole, ...long];
  const forms = new Set([
    ...plain,
    ...plain.map(jsonForm),
    ...base64Forms(whole),
    ...addressForms(whole),
  ]);
  return [...forms].map((form) => new Uint8Array(Buffer.from(form, "latin1")));
}

/** Not `trim()`, which takes the second half of some characters for a blank. */
function trim(latin1: string): string {
  return latin1.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, "");
}

/** As the inside of a text in JSON. */
function jsonForm(plain: string): string {
  return JSON.stringify(plain).slice(1, -1);
}

/** What is the same of its base64 whatever stands before and after it, in both alphabets; and its lines, if broken. */
function base64Forms(whole: string): string[] {
  const forms = [0, 1, 2].map((before) => {
    const encoded = base64("\0".repeat(before) + whole);
    // Characters that also hold bits of a neighbour.
    const start = Math.ceil(before * 8 / 6);
    return encoded.slice(start, Math.floor((before + whole.length) * 8 / 6));
  });
  const [alone] = forms as [string];
  const broken = BASE64_LINES.flatMap((width) => alone.length <= width ? [] : cut(alone, width));
  const all = [...forms, ...broken].filter((form) => form.length >= MIN_BASE64);
  return all.flatMap((form) => [form, form.replaceAll("+", "-").replaceAll("/", "_")]);
}

function base64(latin1: string): string {
  return builtin("buffer").Buffer.from(latin1, "latin1").toString("base64");
}

function cut(text: string, width: number): string[] {
  const pieces: string[] = [];
  for (let at = 0; at < text.length; at += width) pieces.push(text.slice(at, at + width));
  return pieces;
}

const PLAIN_REGEXP = /^[A-Za-z0-9_.!~*'()-]$/;

/** As `encodeURIComponent` writes it, in both cases. */
function addressForms(whole: string): string[] {
  const encode = (character: string): string =>
    PLAIN_REGEXP.test(character)
      ? character
      : `%${character.charCodeAt(0).toString(16).padStart(2, "0")}`;
  if ([...whole].every((character) => PLAIN_REGEXP.test(character))) return [];
  const lower = [...whole].map(encode).join("");
  return [lower, lower.replace(/%../g, (code) => code.toUpperCase())];
}
