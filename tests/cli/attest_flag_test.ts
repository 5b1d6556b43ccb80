import assert from "node:assert/strict";
import { parseAttestations } from "../../src/cli/attest_flag.ts";
import { UsageError } from "../../src/cli/usage_error.ts";

const DEFAULT = { provenance: { mode: "min", inlineOnly: true, optional: true } };

interface Flags {
  attest?: string[];
  provenance?: string;
  sbom?: string;
  env?: string;
}

function parsed({ attest = [], provenance, sbom, env }: Flags) {
  return parseAttestations({ attest, provenance, sbom }, () => env);
}

const GOOD: [flags: Flags, options: object][] = [
  [{}, DEFAULT],
  [{ env: "false" }, DEFAULT],
  [{ env: "true" }, {}],
  [{ provenance: "false" }, {}],
  [{ provenance: "0" }, {}],
  [{ provenance: "" }, DEFAULT],
  [{ provenance: "true" }, { attestations: { provenance: {} } }],
  [{ provenance: "mode=max,builder-id=a" }, {
    attestations: { provenance: { mode: "max", "builder-id": "a" } },
  }],
  [{ sbom: "true" }, { attestations: { sbom: {} }, ...DEFAULT }],
  [{ sbom: "false" }, DEFAULT],
  [{ sbom: "generator=a/b:1,X=y" }, {
    attestations: { sbom: { generator: "a/b:1", X: "y" } },
    ...DEFAULT,
  }],
  [{ attest: ["type=provenance,disabled=true"] }, {}],
  [{ attest: ['Type=provenance,mode=max,"builder-id=a,b"'] }, {
    attestations: { provenance: { mode: "max", "builder-id": "a,b" } },
  }],
  [{ attest: ["type=sbom", "type=sbom,a=b"], env: "1" }, { attestations: { sbom: { a: "b" } } }],
  [{ attest: ["type=provenance,mode=max"], provenance: "false" }, {}],
];

for (const [flags, options] of GOOD) {
  Deno.test(`parseAttestations() of ${JSON.stringify(flags)}`, () => {
    assert.deepEqual(parsed(flags), options);
  });
}

const BAD: [flags: Flags, message: RegExp][] = [
  [{ attest: ["mode=max"] }, /^--attest "mode=max" has no type$/],
  [{ attest: ["type=sbom,x"] }, /^--attest "type=sbom,x": "x" is not KEY=VALUE$/],
  [{ attest: ["type=sbom,disabled=x"] }, /disabled is true or false$/],
  [{ provenance: "max" }, /^--provenance "max": "max" is not KEY=VALUE$/],
  [{ env: "x" }, /^BUILDX_NO_DEFAULT_ATTESTATIONS is true or false, not "x"$/],
];

for (const [flags, message] of BAD) {
  Deno.test(`parseAttestations() refuses ${JSON.stringify(flags)}`, () => {
    assert.throws(() => parsed(flags), (error: unknown) => {
      assert(error instanceof UsageError, String(error));
      assert.match(error.message, message);
      return true;
    });
  });
}
