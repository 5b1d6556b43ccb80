import assert from "node:assert/strict";
import { vcsOptions } from "../../src/cli/vcs_variables.ts";

const CASES: [env: Record<string, string>, options: ReturnType<typeof vcsOptions>][] = [
  [{}, { provenance: true, labels: false, dirty: false }],
  [{ BUILDX_GIT_INFO: "0" }, false],
  [{ BUILDX_GIT_INFO: "false", BUILDX_GIT_LABELS: "1" }, {
    provenance: false,
    labels: true,
    dirty: false,
  }],
  [{ BUILDX_GIT_INFO: "maybe" }, { provenance: true, labels: false, dirty: false }],
  [{ BUILDX_GIT_LABELS: "full" }, { provenance: true, labels: true, dirty: false }],
  [{ BUILDX_GIT_LABELS: "false" }, { provenance: true, labels: false, dirty: false }],
  [{ BUILDX_GIT_CHECK_DIRTY: "true" }, { provenance: true, labels: false, dirty: "all" }],
];

for (const [env, options] of CASES) {
  Deno.test(`vcsOptions() reads ${JSON.stringify(env)}`, () => {
    assert.deepEqual(vcsOptions((name) => env[name]), options);
  });
}
