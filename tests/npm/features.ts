/** The features of docs/compatibility.md on the pinned builder, for runtimes other than Deno. */
import assert from "node:assert/strict";
import { outcome } from "../compat/feature.ts";
import { FEATURES } from "../compat/features/all.ts";
import { daemonTest } from "../support/env.ts";
import { pushScanner } from "../support/scanner_image.ts";

for (const feature of FEATURES) {
  daemonTest(`${feature.group}: ${feature.what}`, async (environment) => {
    const { address, registry, baseImage } = environment;
    const scanner = await pushScanner(environment);
    const world = { on: { address }, registry, baseImage, scanner, network: true };
    assert.equal(await outcome(feature, world), "yes");
  });
}
