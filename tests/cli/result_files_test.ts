import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  removeImageIdFile,
  writeImageIdFile,
  writeMetadataFile,
} from "../../src/cli/result_files.ts";
import { tempFolder } from "../support/temp_folder.ts";

Deno.test("writeMetadataFile() writes sorted keys, indented, with Go's escapes, over an older file", async () => {
  await using folder = tempFolder();
  const path = join(folder.path, "metadata.json");
  writeFileSync(path, "old");
  await writeMetadataFile(path, { "image.name": "a<b>&c", "a.b": { z: 1, a: ["x"] } });
  const expected = '{\n  "a.b": {\n    "z": 1,\n    "a": [\n      "x"\n    ]\n  },\n' +
    '  "image.name": "a\\u003cb\\u003e\\u0026c"\n}';
  assert.equal(readFileSync(path, "utf8"), expected);
  assert.deepEqual(readdirSync(folder.path), ["metadata.json"]);
});

Deno.test("writeMetadataFile() leaves nothing behind when it fails", async () => {
  await using folder = tempFolder();
  const path = join(folder.path, "metadata.json");
  Deno.mkdirSync(path);
  await assert.rejects(writeMetadataFile(path, {}));
  assert.deepEqual(readdirSync(folder.path), ["metadata.json"]);
});

Deno.test("writeImageIdFile() writes the id alone, removeImageIdFile() takes it away", async () => {
  await using folder = tempFolder();
  const path = join(folder.path, "iid");
  await removeImageIdFile(path);
  await writeImageIdFile(path, "sha256:abc");
  assert.equal(readFileSync(path, "utf8"), "sha256:abc");
  await removeImageIdFile(path);
  assert.deepEqual(readdirSync(folder.path), []);
});
