import assert from "node:assert/strict";
import { join } from "node:path";
import { OptionError } from "../../src/errors.ts";
import type { BuildOptions } from "../../src/types.ts";
import { engineTest } from "../support/env.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { buildOn } from "./support.ts";

const SIMPLE: BuildOptions = { context: { a: "hello" }, dockerfile: "FROM scratch\nCOPY a /\n" };

engineTest("build() on {} exports its cache to a folder, and imports it", async ({ host }) => {
  await using temp = tempFolder();
  const dest = join(temp.path, "cache");
  const warnings: string[] = [];
  const logger = { warn: (line: string) => void warnings.push(line) };
  await buildOn(host, { ...SIMPLE, cacheTo: [{ type: "local", dest }] });
  await buildOn(host, { ...SIMPLE, logger, cacheFrom: [{ type: "local", src: dest }] });
  assert.deepEqual(warnings, []);
}, ({ containerdStore }) => containerdStore);

engineTest("build() on {} says where a cache can be exported", async ({ host }) => {
  await assert.rejects(buildOn(host, { ...SIMPLE, cacheTo: ["a.example/b"] }), (error) => {
    assert(error instanceof OptionError, String(error));
    assert.match(error.message, /^Invalid cacheTo\[0\]: .* cannot export a cache of type registry/);
    return true;
  });
}, ({ containerdStore }) => !containerdStore);

engineTest("build() on {} puts its cache into the image", async ({ host }) => {
  const { imageId } = await buildOn(host, { ...SIMPLE, cacheTo: [{ type: "inline" }] });
  assert.match(imageId ?? "", /^sha256:/);
});

engineTest("build() on {} writes an OCI layout and builds on it", async ({ host }) => {
  await using temp = tempFolder();
  const dest = join(temp.path, "layout");
  const result = await buildOn(host, { ...SIMPLE, output: { type: "oci", tar: false, dest } });
  assert.deepEqual(result.outputs.map(({ layout }) => layout), [true]);
  const contexts = { base: `oci-layout://${dest}` };
  const made = await buildOn(host, { dockerfile: "FROM base\nLABEL a=b\n", contexts });
  assert.match(made.imageId ?? "", /^sha256:/);
}, ({ containerdStore }) => containerdStore);
