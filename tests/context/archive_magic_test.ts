import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { Buffer } from "node:buffer";
import { gzipSync } from "node:zlib";
import { isArchive } from "../../src/context/archive_magic.ts";
import { folderOf } from "../build/support.ts";

const CASES: [name: string, head: Uint8Array, archive: boolean][] = [
  ["gzip", gzipSync("x"), true],
  ["bzip2", Buffer.from("BZh91AY"), true],
  ["xz", Buffer.from("fd377a585a0000", "hex"), true],
  ["zstd", Buffer.from("28b52ffd24", "hex"), true],
  ["a skippable frame of zstd", Buffer.from("502a4d1800000000", "hex"), true],
  ["a Dockerfile", Buffer.from("FROM scratch\n".repeat(100)), false],
  ["a zip archive", Buffer.from("504b030414".padEnd(2000, "0"), "hex"), false],
  ["zeros", new Uint8Array(1024), false],
  ["a short text", Buffer.from("FROM x"), false],
  ["nothing", new Uint8Array(0), false],
];

for (const [name, head, archive] of CASES) {
  Deno.test(`isArchive() takes ${name} for ${archive ? "an archive" : "no archive"}`, () => {
    assert.equal(isArchive(head), archive);
  });
}

for (const format of ["v7", "ustar", "gnu", "pax"]) {
  Deno.test(`isArchive() knows a tar archive of the format ${format}`, async () => {
    await using folder = folderOf({ a: "1" });
    const tar = spawnSync("tar", [`--format=${format}`, "-cf", "-", "-C", folder.path, "."]).stdout;
    assert.equal(isArchive(tar.subarray(0, 512)), true);
  });
}
