import assert from "node:assert/strict";
import { FrameSplitter } from "../../src/docker/exec_frames.ts";

const FRAMES = [
  ...[1, 0, 0, 0, 0, 0, 0, 3, 1, 2, 3],
  ...[2, 0, 0, 0, 0, 0, 0, 2, 4, 5],
  ...[1, 0, 0, 0, 0, 0, 0, 0],
  ...[1, 0, 0, 0, 0, 0, 1, 0, ...Array(256).fill(7)],
];

for (const size of [1, 2, 7, 8, 9, 100, FRAMES.length]) {
  Deno.test(`FrameSplitter tells the streams apart in pieces of ${size}`, () => {
    const out: number[] = [];
    const err: number[] = [];
    const splitter = new FrameSplitter({
      stdout: (bytes) => out.push(...bytes),
      stderr: (bytes) => err.push(...bytes),
    });
    const bytes = new Uint8Array(FRAMES);
    for (let at = 0; at < bytes.length; at += size) splitter.push(bytes.subarray(at, at + size));
    assert.deepEqual(out, [1, 2, 3, ...Array(256).fill(7)]);
    assert.deepEqual(err, [4, 5]);
  });
}
