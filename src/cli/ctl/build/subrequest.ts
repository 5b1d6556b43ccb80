/** What a frontend answers to `--opt requestid=...`. */
import { safeLines } from "../../../progress/safe_text.ts";
import type { Output } from "../../../progress/display.ts";

/** Prints its text, or all its answers by name where it has none. */
export function printAnswer(answer: ReadonlyMap<string, Uint8Array>, out: Output): void {
  const decoder = new TextDecoder();
  const text = answer.get("result.txt");
  const texts = text === undefined
    ? [...answer].filter(([name]) => name.startsWith("result."))
      .map(([name, value]) => `${name}\n${decoder.decode(value)}\n`)
    : [decoder.decode(text)];
  out.write(safeLines(texts.join("")).join("\n"));
}
