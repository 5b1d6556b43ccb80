/** Features on builders of every age: each one works, or says which release it needs, as docs/compatibility.md has it. */
import assert from "node:assert/strict";
import { daemonTest, testEnvironment } from "../support/env.ts";
import { NotBuilt } from "../support/older_buildkit.ts";
import { pushScanner } from "../support/scanner_image.ts";
import { compatBuilders } from "./builders.ts";
import { outcome } from "./feature.ts";
import { FEATURES } from "./features/all.ts";
import { key, readTable } from "./table.ts";

const TABLE = readTable();

for (const builder of compatBuilders(testEnvironment?.engines ?? [])) {
  daemonTest(`features on ${builder.name} are as documented`, async (environment, context) => {
    const scanner = await pushScanner(environment);
    const documented = TABLE.get(builder.name);
    const trying = builder.use(environment, async (world) => {
      for (const feature of FEATURES) {
        await context.step(key(feature), async () => {
          const found = await outcome(feature, { ...world, scanner });
          // Of an engine that somebody's own machine has, nothing is documented.
          if (documented === undefined || (feature.inTime && found === "yes")) return;
          assert.equal(found, documented.get(key(feature)), "run tests/compat/write_table.ts");
        });
      }
    });
    await trying.catch((error) => {
      if (!(error instanceof NotBuilt)) throw error;
      console.error(`Not tried: ${error.message}`);
    });
  });
}

Deno.test("docs/compatibility.md has every feature and each BuildKit, the pinned one without a gap", () => {
  const names = compatBuilders([]).map(({ name }) => name);
  const columns = [...TABLE.keys()];
  assert.deepEqual(columns.filter((name) => name.startsWith("BuildKit ")), names);
  for (const [name, outcomes] of TABLE) {
    assert.deepEqual([...outcomes.keys()], FEATURES.map(key), name);
    const allowed = name === names[0] ? /^yes$/ : /^(?:yes|no|not tried|from v0\.\d+)$/;
    for (const [feature, found] of outcomes) assert.match(found, allowed, `${name}: ${feature}`);
  }
});
