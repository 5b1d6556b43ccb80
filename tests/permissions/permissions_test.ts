import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { daemonTest } from "../support/env.ts";
import { makePlace, type Place } from "./place.ts";
import { DOCUMENT, unaligned, withTable } from "./table.ts";
import { inPlace, tryUse } from "./try_use.ts";
import { type Use, USES } from "./uses.ts";

/** Processes at a time. */
const AT_ONCE = 3;

Deno.test("docs/permissions.md has the flags that are tried here", () => {
  const text = readFileSync(DOCUMENT, "utf8");
  const why = "run tests/permissions/write_table.ts, then deno fmt";
  assert.equal(unaligned(text), unaligned(withTable(text)), why);
});

daemonTest("build() needs the flags of each use, no more and no fewer", async (environment) => {
  await using made = await makePlace(environment);
  const { place } = made;
  const wrong: string[] = [];
  const attempts = USES.filter((use) => isHere(use, place)).flatMap((use) => [
    () => withAll(use, place),
    ...Object.keys(use.flags).map((flag) => () => without(use, flag, place)),
  ]);
  const worker = async () => {
    for (let next = attempts.shift(); next !== undefined; next = attempts.shift()) {
      const problem = await next();
      if (problem !== undefined) wrong.push(problem);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  assert.deepEqual(wrong, []);
});

/** There is not always an engine. */
function isHere(use: Use, place: Place): boolean {
  return place["ENGINE"] !== "" || !JSON.stringify(use).includes("ENGINE");
}

async function withAll(use: Use, place: Place): Promise<string | undefined> {
  const { ended, output } = await tryUse(use, Object.keys(use.flags), place);
  if (!ended.ok) return `${use.use}: ${output}`;
  if (use.prints !== undefined && ended.log !== use.prints) return `${use.use}: ${ended.log}`;
  if (use.stream !== undefined && ended.bytes === 0) return `${use.use}: nothing came`;
  return undefined;
}

/** Fails with an error of ours, that tells what to grant, and no trace. */
async function without(use: Use, flag: string, place: Place): Promise<string | undefined> {
  const flags = Object.keys(use.flags).filter((one) => one !== flag);
  const { ended, output } = await tryUse(use, flags, place);
  const where = `${use.use}, without ${flag}: ${output}`;
  if (ended.ok || ended.code !== use.flags[flag]) return where;
  if (/NotCapable|Requires \w+ access|^ +at .*:\d+:\d+/m.test(output)) return `a trace: ${where}`;
  return names(ended.message, inPlace(flag, place)) ? undefined : `the flag is not named: ${where}`;
}

/** Whether the message names the flag, or the same for something in that folder. */
function names(message: string, flag: string): boolean {
  return message.split(/[\s,]+/).some((word) => word.startsWith(flag));
}
