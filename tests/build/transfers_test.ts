/** What a build's result says of what was sent, and of the size of what was made. */
import assert from "node:assert/strict";
import { build } from "../../src/build.ts";
import { daemonTest } from "../support/env.ts";
import { COPY_ALL } from "./support.ts";

daemonTest("build() says what the builder asked for", async ({ address }) => {
  const content = crypto.randomUUID();
  const context = {
    a: content,
    "b/c": content.repeat(10),
    ".dockerignore": "ignored",
    ignored: "",
  };
  const { transfers } = await build({ address, context, dockerfile: COPY_ALL });
  const sent = new Map(transfers.map(({ name, ...counts }) => [name, counts]));
  assert.equal(sent.get("dockerfile")?.bytes, COPY_ALL.length);
  const { files, bytes } = sent.get("context")!;
  // The ignore file is asked for on its own first, and with the rest unless the builder knows it.
  assert.ok([3, 4].includes(files), String(files));
  assert.equal(bytes, 11 * 36 + (files - 2) * 7);
  assert.ok(sent.get("context")!.entries >= 4);
});

daemonTest("build() knows the size of an image", async ({ address }) => {
  const context = { a: "a".repeat(100_000) };
  const made = await build({ address, context, dockerfile: COPY_ALL, tags: ["size-test"] });
  const { bytes } = made.outputs[0]!;
  assert.ok(bytes !== undefined && bytes > 300 && bytes < 10_000, String(bytes));

  const platforms = ["linux/amd64", "linux/arm64"];
  const index = await build({
    address,
    context,
    dockerfile: COPY_ALL,
    platforms,
    tags: ["size-test"],
  });
  assert.ok(index.outputs[0]!.bytes! > bytes + 300, String(index.outputs[0]!.bytes));
});
