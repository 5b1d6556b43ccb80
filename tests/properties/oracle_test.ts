/** The judge itself. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { ask, isError } from "./oracle.ts";

/** The versions that a go.mod names. */
function versionsIn(path: string): Map<string, string> {
  const text = readFileSync(new URL(path, import.meta.url), "utf8");
  return new Map([...text.matchAll(/^(?:require )?\s*(\S+\.\S+\/\S+) (v\S+)/gm)].map(
    ([, name, version]) => [name!, version!],
  ));
}

Deno.test("the oracle is made of what the pinned BuildKit is made of", () => {
  const [ours, pinned] = [versionsIn("oracle/go.mod"), versionsIn("../support/tools/go.mod")];
  assert(ours.has("github.com/moby/buildkit") && ours.has("github.com/moby/patternmatcher"));
  for (const [name, version] of ours) assert.equal(version, pinned.get(name) ?? version, name);
});

Deno.test("ask() has an answer to each question, in order, and tells errors", () => {
  const [clean, size, bad] = ask([
    { ask: "clean", text: "a//b/" },
    { ask: "size", text: "1k" },
    { ask: "size", text: "k" },
  ]);
  assert.deepEqual([clean, size], ["a/b", 1024]);
  assert(isError(bad));
});
