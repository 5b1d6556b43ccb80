import assert from "node:assert/strict";
import {
  fromUnixMode,
  isDevice,
  isDirectory,
  isNamedPipe,
  isRegular,
  isSocket,
  isSymlink,
  toUnixPermissions,
} from "../../src/files/mode.ts";

const CASES: ReadonlyArray<[name: string, stMode: number, mode: number]> = [
  ["a file with all special bits", 0o107755, 0x00d001ed],
  ["a plain file", 0o100644, 0o644],
  ["a file without permissions", 0o100000, 0],
  ["a directory", 0o040755, 0x800001ed],
  ["a sticky directory", 0o041777, 0x801001ff],
  ["a symlink", 0o120777, 0x080001ff],
  ["a character device", 0o020666, 0x042001b6],
  ["a block device", 0o060660, 0x040001b0],
  ["a named pipe", 0o010644, 0x020001a4],
  ["a socket", 0o140755, 0x010001ed],
];

for (const [name, stMode, mode] of CASES) {
  Deno.test(`fromUnixMode() gives the bits of ${name}`, () => {
    assert.equal(fromUnixMode(stMode), mode);
    assert.equal(toUnixPermissions(mode), stMode & 0o7777);
  });
}

Deno.test("each kind of mode answers to one question only", () => {
  const questions = [isRegular, isDirectory, isSymlink, isDevice, isNamedPipe, isSocket];
  const kinds = [0o100644, 0o040755, 0o120777, 0o020666, 0o010644, 0o140755];
  const answers = kinds.map((kind) => questions.map((question) => question(fromUnixMode(kind))));
  assert.deepEqual(answers, kinds.map((_, i) => questions.map((_, j) => i === j)));
});
