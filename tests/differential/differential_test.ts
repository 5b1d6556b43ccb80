/**
 * Each case is built by Go's client and by ours, on two empty builders: the image must have the same digest.
 * Then each builder gets the case from the other client: every step must come from its cache.
 */
import assert from "node:assert/strict";
import { Buildctl } from "../support/buildctl.ts";
import { daemonTest, type TestEnvironment } from "../support/env.ts";
import { fastParent, tempFolder } from "../support/temp_folder.ts";
import { buildWithBuildctl } from "./build_with_buildctl.ts";
import { buildWithMoat } from "./build_with_moat.ts";
import { type Case, readCases } from "./case.ts";
import type { Client, Outcome } from "./outcome.ts";
import { layOut } from "./setup.ts";

/** Steps that the daemon does anew in every build, whoever asks. */
const NEVER_CACHED_REGEXP = /^\[[^\]]*internal\] |^\[[^\]]*\] FROM |^exporting to /;

for (const test of readCases()) {
  daemonTest(`build() and buildctl agree on ${test.name}`, async (environment) => {
    await using folder = tempFolder(fastParent());
    await layOut(test, folder.path);
    await empty(environment);
    const inTurn = async (address: string, first: Client, second: Client): Promise<Outcome[]> => [
      await first(test, folder.path, address, environment),
      await second(test, folder.path, address, environment),
    ];
    const [[ours, goAfterOurs], [go, oursAfterGo]] = await Promise.all([
      inTurn(environment.address, buildWithMoat, buildWithBuildctl),
      inTurn(environment.peerAddress, buildWithBuildctl, buildWithMoat),
    ]) as [[Outcome, Outcome], [Outcome, Outcome]];
    if (test.options.fails !== undefined) {
      const expected = new RegExp(test.options.fails);
      for (const outcome of [go, ours, goAfterOurs, oursAfterGo]) {
        assert.match(outcome.error, expected);
      }
      return;
    }
    for (const outcome of [go, ours, goAfterOurs, oursAfterGo]) assert.equal(outcome.error, "");
    assert.match(go.digest ?? "", /^sha256:/);
    assert.equal(ours.digest, go.digest, "the digest of build() differs from buildctl's");
    assert.deepEqual(
      uncached(test, goAfterOurs),
      [],
      "buildctl did not find what build() had made",
    );
    assert.deepEqual(
      uncached(test, oursAfterGo),
      [],
      "build() did not find what buildctl had made",
    );
  });
}

/**
 * Empties both builders, so that no case profits from another. The contexts matter as well: a daemon keeps one copy of all
 * that buildctl sends and updates it, and the times of its folders then depend on what was there before.
 */
async function empty({ tools, address, peerAddress }: TestEnvironment): Promise<void> {
  await Promise.all([address, peerAddress].map(async (builder) => {
    const { code, stderr } = await new Buildctl(tools.buildctl, builder).run("prune", "--all");
    assert.equal(code, 0, stderr);
  }));
}

/** The steps that ran although they were done before. */
function uncached(test: Case, outcome: Outcome): string[] {
  const expected = test.options.uncached && new RegExp(test.options.uncached);
  return outcome.steps
    .filter(({ name, cached }) => !cached && !NEVER_CACHED_REGEXP.test(name))
    .map(({ name }) => name)
    .filter((name) => !expected || !expected.test(name));
}
