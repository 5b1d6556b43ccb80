import assert from "node:assert/strict";
import { OptionError } from "../../src/errors.ts";
import { parseSize } from "../../src/frontend/size.ts";

/** Each case: a text, and what docker/go-units makes of it. */
const GOOD: [text: string | number, bytes: number][] = [
  ["1", 1],
  ["64m", 67108864],
  ["64M", 67108864],
  ["1.5g", 1610612736],
  ["512kb", 524288],
  ["1KiB", 1024],
  ["1 kb", 1024],
  ["2t", 2199023255552],
  ["1p", 1125899906842624],
  ["64mib", 67108864],
  [".5g", 536870912],
  ["1.", 1],
  ["1b", 1],
  ["0", 0],
  ["10 m", 10485760],
  [123, 123],
];

for (const [text, wanted] of GOOD) {
  Deno.test(`parseSize() takes ${JSON.stringify(text)}`, () => {
    assert.equal(parseSize(text, "option"), wanted);
  });
}

const BAD: (string | number)[] = [
  "64mx",
  "-1",
  "m",
  -1,
  NaN,
  Infinity,
  "",
];

for (const text of BAD) {
  Deno.test(`parseSize() refuses ${JSON.stringify(text)}`, () => {
    assert.throws(() => parseSize(text, "option[1]"), (error: unknown) => {
      assert(error instanceof OptionError);
      assert.equal(error.option, "option[1]");
      assert(error.message.includes(`"${text}"`) && error.message.includes("(for example "));
      return true;
    });
  });
}
