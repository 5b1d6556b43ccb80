import assert from "node:assert/strict";
import { buildkitVersion } from "../../src/docker/buildkit_version.ts";

const CASES: [told: string, server: string, expected: string][] = [
  ["v0.12.5", "Docker/26.1.5 (linux)", "v0.12.5"],
  ["", "Docker/20.10.24 (linux)", ""],
  ["v0.0.0+unknown", "Docker/26.1.5+dfsg1 (linux)", "v0.13 or so, in Docker/26.1.5"],
  ["v0.0.0+unknown", "Docker/28.0.4 (linux)", "v0.20 or so, in Docker/28.0.4"],
  ["v0.0.0+unknown", "Docker/99.1 (linux)", "v0.0.0+unknown"],
  ["v0.0.0+unknown", "Docker/dev (linux)", "v0.0.0+unknown"],
  ["v0.0.0+unknown", "", "v0.0.0+unknown"],
];

for (const [told, server, expected] of CASES) {
  Deno.test(`buildkitVersion() of ${told || "nothing"} in ${server || "nothing"}`, () => {
    assert.equal(buildkitVersion(told, server), expected);
  });
}
