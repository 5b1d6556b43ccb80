import assert from "node:assert/strict";
import { safeInline, safeLine, safeLines, safeOpenLine } from "../../src/progress/safe_text.ts";

const ESC = "\u001b";

Deno.test("safeLine() drops what acts on the terminal and keeps colours", () => {
  const cases: Array<[string, string]> = [
    ["plain ä 😀\ttab", "plain ä 😀\ttab"],
    [`${ESC}[31mred${ESC}[0m`, `${ESC}[31mred${ESC}[0m`],
    [`${ESC}[38;5;1mx${ESC}[m`, `${ESC}[38;5;1mx${ESC}[m`],
    ["\u009b31mred", `${ESC}[31mred`],
    [`up${ESC}[3A${ESC}[2Kline`, "upline"],
    [`${ESC}[?25lhidden cursor`, "hidden cursor"],
    [`${ESC}[>4;2mkeyboard`, "keyboard"],
    [`${ESC}]0;title\u0007text`, "text"],
    [`${ESC}]0;title${ESC}\\text`, "text"],
    ["\u009d0;title\u009ctext", "text"],
    [`${ESC}]8;;http://x${ESC}\\link${ESC}]8;;${ESC}\\`, "link"],
    [`${ESC}Pq#0${ESC}\\sixel`, "sixel"],
    [`${ESC}creset`, "reset"],
    [`${ESC}(Bcharset`, "charset"],
    [`${ESC}7save${ESC}8`, "save"],
    ["a\bb\u0000c\u007fd\u0085e", "abcde"],
    [`never ended ${ESC}]0;words`, "never ended 0;words"],
    [`cut ${ESC}[31`, "cut 31"],
    [`twice ${ESC}${ESC}[2J`, "twice "],
    [`made ${ESC}${ESC}[1A[2J`, "made [2J"],
  ];
  for (const [input, expected] of cases) assert.equal(safeLine(input, true), expected);
});

Deno.test("safeLine() leaves no escape that would be made by dropping another", () => {
  const line = safeLine(`${ESC}${ESC}]x\u0007[2J ${ESC}\u0000[2J ${ESC}[${ESC}[3A2J`, true);
  assert.equal(line.includes(ESC), false);
});

Deno.test("safeLine() without colour leaves text alone", () => {
  assert.equal(safeLine(`${ESC}[1;31mred${ESC}[0m`, false), "red");
});

Deno.test("safeOpenLine() only ever grows, however the line is cut", () => {
  const line = `a${ESC}[31mred${ESC}[0m b${ESC}]0;title\u0007c${ESC}[2Kd${ESC}(Be`;
  let before = "";
  for (let length = 0; length <= line.length; length++) {
    const now = safeOpenLine(line.slice(0, length), true);
    assert.ok(now.startsWith(before), `${JSON.stringify(before)} -> ${JSON.stringify(now)}`);
    before = now;
  }
  assert.equal(before, safeLine(line, true));
});

Deno.test("safeInline() makes one line of any name", () => {
  assert.equal(safeInline("RUN a\n#2 DONE\r\n\tb\u2028c"), "RUN a #2 DONE  b c");
  assert.equal(safeInline(`${ESC}[31mred`), "red");
});

Deno.test("safeLines() splits a text of several lines", () => {
  assert.deepEqual(safeLines(`a${ESC}[2J\r\nb\rc`), ["a", "bc"]);
});

Deno.test("safeInline() lets nothing turn the writing direction of what follows", () => {
  assert.equal(safeInline("a\u202eb\u2066c שלום"), "abc שלום");
});
