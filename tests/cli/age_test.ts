import assert from "node:assert/strict";
import { formatAge } from "../../src/cli/age.ts";

const AGES: [seconds: number, text: string][] = [
  [-5, "just now"],
  [0, "just now"],
  [1, "1 second ago"],
  [119, "119 seconds ago"],
  [120, "2 minutes ago"],
  [7199, "119 minutes ago"],
  [7200, "2 hours ago"],
  [172_800, "2 days ago"],
  [15 * 86_400, "2 weeks ago"],
  [70 * 86_400, "2 months ago"],
  [800 * 86_400, "2 years ago"],
];

for (const [seconds, text] of AGES) {
  Deno.test(`formatAge() after ${seconds} s is ${text}`, () => {
    assert.equal(formatAge(new Date(1_000_000), 1_000_000 + seconds * 1000), text);
  });
}
