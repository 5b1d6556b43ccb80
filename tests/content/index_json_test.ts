import assert from "node:assert/strict";
import fs from "node:fs";
import { join } from "node:path";
import {
  type Descriptor,
  findEntry,
  type IndexName,
  parseDescriptor,
  putEntry,
  readIndex,
} from "../../src/content/index_json.ts";
import { FileError } from "../../src/errors.ts";
import { fastParent, tempFolder } from "../support/temp_folder.ts";

const IMAGE_NAME = "io.containerd.image.name";
const REF_NAME = "org.opencontainers.image.ref.name";

function descriptor(digit: string, more: object = {}): Descriptor {
  const mediaType = "application/vnd.oci.image.manifest.v1+json";
  return { mediaType, digest: `sha256:${digit.repeat(64)}`, size: 1, ...more } as Descriptor;
}

const NAMES: [name: IndexName, annotations: object][] = [
  [{ tag: "latest" }, { [REF_NAME]: "latest" }],
  [{ name: "docker.io/library/a:1" }, {
    [IMAGE_NAME]: "docker.io/library/a:1",
    [REF_NAME]: "1",
  }],
  [{ name: "localhost:5000/a" }, { [IMAGE_NAME]: "localhost:5000/a", [REF_NAME]: "" }],
  [{ name: "r.example/a:1@sha256:b" }, {
    [IMAGE_NAME]: "r.example/a:1@sha256:b",
    [REF_NAME]: "1@sha256:b",
  }],
  [{ name: "app" }, { [IMAGE_NAME]: "app", [REF_NAME]: "" }],
  [{ name: "app:1.2" }, { [IMAGE_NAME]: "app:1.2", [REF_NAME]: "app:1.2" }],
  [{ name: "r.example/../a:1" }, {
    [IMAGE_NAME]: "r.example/../a:1",
    [REF_NAME]: "r.example/../a:1",
  }],
];

for (const [name, annotations] of NAMES) {
  Deno.test(`putEntry() enters ${JSON.stringify(name)}`, async () => {
    await using temp = tempFolder(fastParent());
    await putEntry(temp.path, descriptor("a"), [name]);
    assert.deepEqual(await readIndex(temp.path), [descriptor("a", { annotations })]);
  });
}

Deno.test("putEntry() makes a layout and leaves nothing else behind", async () => {
  await using temp = tempFolder(fastParent());
  await putEntry(temp.path, descriptor("a"), [{ tag: "x" }]);
  assert.deepEqual(fs.readdirSync(temp.path).sort(), ["index.json", "oci-layout"]);
  const layout = fs.readFileSync(join(temp.path, "oci-layout"), "utf8");
  assert.equal(layout, '{"imageLayoutVersion":"1.0.0"}');
  const { schemaVersion, mediaType } = JSON.parse(
    fs.readFileSync(join(temp.path, "index.json"), "utf8"),
  );
  assert.deepEqual([schemaVersion, mediaType], [2, "application/vnd.oci.image.index.v1+json"]);
});

Deno.test("putEntry() keeps other entries and everything that it does not know", async () => {
  await using temp = tempFolder(fastParent());
  const foreign = { digest: "odd", extra: [1], annotations: { [REF_NAME]: "b" } };
  const index = { manifests: [foreign, { note: 1 }, 5], annotations: { a: "b" }, future: true };
  fs.writeFileSync(join(temp.path, "index.json"), JSON.stringify(index));
  await putEntry(temp.path, descriptor("a"), [{ tag: "x" }]);
  await putEntry(temp.path, descriptor("b", { platform: { os: "linux" } }), [{ tag: "x" }]);
  const { manifests, ...rest } = JSON.parse(
    fs.readFileSync(join(temp.path, "index.json"), "utf8"),
  );
  const { manifests: others, ...more } = index;
  const added = { platform: { os: "linux" }, annotations: { [REF_NAME]: "x" } };
  assert.deepEqual(manifests, [...others, descriptor("b", added)]);
  assert.deepEqual(rest, {
    ...more,
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.index.v1+json",
  });
});

Deno.test("putEntry() tells a tag from a name with the same tag", async () => {
  await using temp = tempFolder(fastParent());
  await putEntry(temp.path, descriptor("a"), [{ tag: "1" }]);
  await putEntry(temp.path, descriptor("b"), [{ name: "r.example/x:1" }, {
    name: "r.example/y:1",
  }]);
  const entries = (await readIndex(temp.path))!;
  assert.equal(entries.length, 3);
  assert.equal(findEntry(entries, "1")?.digest, descriptor("a").digest);
  assert.equal(findEntry(entries, "r.example/y:1")?.digest, descriptor("b").digest);
  assert.equal(findEntry(entries, "2"), undefined);
});

Deno.test("putEntry() loses nothing of many at once", async () => {
  await using temp = tempFolder(fastParent());
  const tags = Array.from({ length: 20 }, (_, i) => `t${i}`);
  await Promise.all(tags.map((tag) => putEntry(temp.path, descriptor("a"), [{ tag }])));
  const entries = (await readIndex(temp.path))!;
  assert.deepEqual(entries.map(({ annotations }) => annotations?.[REF_NAME]).sort(), tags.sort());
});

Deno.test("putEntry() that fails leaves the old index", async () => {
  await using temp = tempFolder(fastParent());
  await putEntry(temp.path, descriptor("a"), [{ tag: "x" }]);
  const before = fs.readFileSync(join(temp.path, "index.json"), "utf8");
  const cyclic: Record<string, unknown> = { ...descriptor("b") };
  cyclic.self = cyclic;
  await assert.rejects(putEntry(temp.path, cyclic as unknown as Descriptor, [{ tag: "x" }]));
  assert.equal(fs.readFileSync(join(temp.path, "index.json"), "utf8"), before);
  assert.deepEqual(fs.readdirSync(temp.path).sort(), ["index.json", "oci-layout"]);
});

const MALFORMED = ["{", "[]", '{"manifests":{}}'];

for (const text of MALFORMED) {
  Deno.test(`readIndex() refuses ${text}`, async () => {
    await using temp = tempFolder(fastParent());
    fs.writeFileSync(join(temp.path, "index.json"), text);
    await assert.rejects(readIndex(temp.path), (error) => {
      return error instanceof FileError && /index\.json: .* Repair it or/.test(error.message);
    });
  });
}

const NO_ENTRIES = [
  '{"digest":"sha256:../x","size":1}',
  `{"digest":"${descriptor("a").digest}","size":-1}`,
  `{"digest":"${descriptor("a").digest}"}`,
  "null",
];

for (const entry of NO_ENTRIES) {
  Deno.test(`readIndex() passes over ${entry}`, async () => {
    await using temp = tempFolder(fastParent());
    fs.writeFileSync(join(temp.path, "index.json"), `{"manifests":[${entry}]}`);
    assert.deepEqual(await readIndex(temp.path), []);
  });
}

Deno.test("readIndex() of a folder without an index, or an empty one, has none", async () => {
  await using temp = tempFolder(fastParent());
  assert.equal(await readIndex(temp.path), undefined);
  fs.writeFileSync(join(temp.path, "index.json"), "");
  assert.equal(await readIndex(temp.path), undefined);
});

Deno.test("parseDescriptor() keeps what it does not know", () => {
  const value = { ...descriptor("a"), data: "x", platform: { os: "linux" } };
  assert.deepEqual(parseDescriptor(value), value);
  assert.equal(parseDescriptor("x"), undefined);
});
