import { isCanceled } from "./canceled.ts";
import { formatLogTime } from "./format.ts";
import type { Step } from "./model.ts";
import { hasColor, RESET, safeInline, safeLine } from "./safe_text.ts";

const RULE = "------";

/** The last output of every failed step, to be shown below everything else; `lines` of it at most. */
export function errorBlocks(steps: Iterable<Step>, lines: number, color: boolean): string {
  let text = "";
  for (const step of steps) {
    if (step.error === "" || isCanceled(step.error)) continue;
    text += `${RULE}\n > ${safeInline(step.name)}:\n`;
    for (const { text: line, seconds } of step.log.tail(lines)) {
      const safe = safeLine(line, color);
      text += `${formatLogTime(seconds)} ${safe}${hasColor(safe) ? RESET : ""}\n`;
    }
    text += `${RULE}\n`;
  }
  return text;
}
