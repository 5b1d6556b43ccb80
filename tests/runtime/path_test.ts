import assert from "node:assert/strict";
import nodePath from "node:path";
import { posix } from "../../src/runtime/path.ts";

/** All texts of up to `length` of some parts. */
function texts(parts: readonly string[], length: number): string[] {
  if (length === 0) return [""];
  const shorter = texts(parts, length - 1);
  return [...new Set(shorter.flatMap((text) => [text, ...parts.map((part) => text + part)]))];
}

const PATHS = texts(["/", ".", "..", "a", "bé"], 6);
const FEW = texts(["/", ".", "a", "b"], 4);

for (const name of ["normalize", "dirname", "basename", "resolve", "isAbsolute", "join"] as const) {
  Deno.test(`posix.${name}() does what node:path does`, () => {
    for (const path of PATHS) {
      // What begins with `//` means something of its own nowhere we run.
      assert.equal(posix[name](path), nodePath.posix[name](path), JSON.stringify(path));
    }
  });
}

for (const name of ["join", "resolve", "relative"] as const) {
  Deno.test(`posix.${name}() of two does what node:path does`, () => {
    for (const one of FEW) {
      for (const other of FEW) {
        const what = JSON.stringify([one, other]);
        assert.equal(posix[name](one, other), nodePath.posix[name](one, other), what);
      }
    }
  });
}
