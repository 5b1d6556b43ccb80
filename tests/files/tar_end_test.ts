import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ProtocolError } from "../../src/errors.ts";
import { TarEnd } from "../../src/files/tar_end.ts";
import { tarOf } from "../support/tar_of.ts";
import { tempFolder } from "../support/temp_folder.ts";

function feed(archive: Uint8Array, size = archive.length): TarEnd {
  const end = new TarEnd();
  for (let at = 0; at < archive.length; at += size) end.push(archive.subarray(at, at + size));
  return end;
}

for (const size of [1, 7, 511, 512, 513, 100_000]) {
  Deno.test(`TarEnd finds the end of archives that come in pieces of ${size} bytes`, async () => {
    await using folder = tempFolder();
    writeFileSync(join(folder.path, "a"), "x".repeat(1_000));
    writeFileSync(join(folder.path, "b".repeat(200)), "y".repeat(512));
    for (const format of ["ustar", "gnu", "pax"]) {
      if (format === "ustar") writeFileSync(join(folder.path, "c"), "");
      const names = format === "ustar" ? ["a", "c"] : ["."];
      const { stdout } = spawnSync("tar", [
        "-c",
        `--format=${format}`,
        "-C",
        folder.path,
        ...names,
      ]);
      feed(stdout, size).end();
      for (const cut of [1, 600, stdout.length - 10_240 - 1]) {
        if (cut < 0 || cut >= stdout.length - 10_240) continue;
        assert.throws(() => feed(stdout.subarray(0, cut), size).end(), ProtocolError);
      }
    }
  });
}

Deno.test("TarEnd refuses what is not an archive, and what is none to its end", () => {
  assert.throws(() => feed(new Uint8Array(512).fill(1)), /damaged/);
  assert.throws(() => feed(new Uint8Array()).end(), /cut off/);
  for (const length of [511, 512, 1024, 1535]) {
    assert.throws(() => feed(tarOf("a").subarray(0, length)).end(), /cut off/, String(length));
  }
  feed(tarOf("a")).end();
  feed(new Uint8Array(1024)).end();
});
