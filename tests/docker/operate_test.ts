/** What is asked of the BuildKit inside real engines besides builds. */
import assert from "node:assert/strict";
import { main } from "../../src/cli/main.ts";
import { fakeIo } from "../cli/fake_io.ts";
import { engineTest, type TestEngine } from "../support/env.ts";
import { buildOn, greeting, withVariables } from "./support.ts";

/** Runs a command line on an engine. */
function moat(host: string, argv: string): Promise<{ code: number; out: string; err: string }> {
  return withVariables({ DOCKER_HOST: host }, async () => {
    const io = fakeIo({ env: { DOCKER_HOST: host } });
    const code = await main(argv.split(" "), io);
    return { code, out: io.out(), err: io.err() };
  });
}

engineTest("info, workers and du show the BuildKit of {}", async ({ host }, environment) => {
  await buildOn(host, greeting(environment, crypto.randomUUID()));
  assert.match((await moat(host, "info")).out, /: BuildKit (v|older than v0\.11\n)/);
  assert.match((await moat(host, "workers")).out, /^worker .*\n( {2}version.*\n)? {2}platforms: l/);
  assert.match((await moat(host, "du --verbose")).out, /^Description: {2}/m);
  const limited = await moat(host, "prune -f --max-used-space 1g");
  assert.match(limited.err, /^error: .* would remove everything: .* need BuildKit v0\.17/);
  assert.equal((await moat(host, "prune -f --keep-duration 24h")).out, "Total:  0B\n");
});

/** The last engine whose BuildKit had no history yet. */
const LAST_WITHOUT = 20;
const hasHistory = ({ name }: TestEngine) => !(parseInt(name) <= LAST_WITHOUT);

engineTest("history shows the builds of {}", async ({ host }, environment) => {
  const { ref } = await buildOn(host, greeting(environment, crypto.randomUUID()));
  assert.equal(
    JSON.parse((await moat(host, `history ls --json --filter ref=${ref}`)).out).ref,
    ref,
  );
  assert.match((await moat(host, `history inspect ${ref}`)).out, /^Status: +completed$/m);
  assert.match((await moat(host, `history logs ${ref}`)).out, /^#\d+ DONE /m);
  assert.deepEqual(await moat(host, `history rm ${ref}`), { code: 0, out: `${ref}\n`, err: "" });
}, hasHistory);

engineTest("history says that {} has none", async ({ host }) => {
  for (const argv of ["history ls", "history inspect", "history rm x"]) {
    const { code, err } = await moat(host, argv);
    assert.equal(code, 1);
    assert.match(
      err,
      /^error: The builder at .* keeps no build history: that needs BuildKit v0\.11/,
    );
  }
}, (engine) => !hasHistory(engine));
