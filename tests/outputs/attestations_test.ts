import assert from "node:assert/strict";
import { OptionError } from "../../src/errors.ts";
import { attestationAttrs } from "../../src/outputs/attestations.ts";
import type { BuildOptions } from "../../src/types.ts";

const GOOD: [options: BuildOptions, attrs: Record<string, string>, optional?: boolean][] = [
  [{}, {}],
  [{ provenance: false, sbom: false }, {}],
  [{ provenance: true }, { "attest:provenance": "type=provenance,mode=min" }],
  [{ provenance: "max" }, { "attest:provenance": "type=provenance,mode=max" }],
  [{ provenance: {} }, { "attest:provenance": "type=provenance,mode=min" }],
  [
    { provenance: { version: "v0.2", builderId: "a,b", reproducible: true, inlineOnly: false } },
    {
      "attest:provenance":
        'type=provenance,"builder-id=a,b",inline-only=false,mode=min,reproducible=true,version=v0.2',
    },
  ],
  [
    { provenance: { mode: "min", inlineOnly: true, optional: true } },
    { "attest:provenance": "type=provenance,inline-only=true,mode=min" },
    true,
  ],
  [{ provenance: { optional: true }, sbom: true }, {
    "attest:provenance": "type=provenance,mode=min",
    "attest:sbom": "type=sbom",
  }],
  [{ sbom: { generator: "reg/scan:1", params: { Z: "1", a: "2" } } }, {
    "attest:sbom": "type=sbom,Z=1,a=2,generator=reg/scan:1",
  }],
  [{ attestations: { provenance: {}, sbom: { generator: "x" } } }, {
    "attest:provenance": "type=provenance",
    "attest:sbom": "type=sbom,generator=x",
  }],
];

for (const [options, attrs, optional = false] of GOOD) {
  Deno.test(`attestationAttrs() of ${JSON.stringify(options)}`, () => {
    assert.deepEqual(attestationAttrs(options), { attrs, optional });
  });
}

const BAD: [options: object, message: RegExp][] = [
  [{ provenance: "full" }, /^Invalid provenance\.mode: 'full' is not min or max/],
  [{ provenance: 1 }, /^Invalid provenance: 1 is not provenance/],
  [{ provenance: { mod: "min" } }, /^Invalid provenance\.mod: .* did you mean mode\?/],
  [{ provenance: { version: "v2" } }, /^Invalid provenance\.version: 'v2' is not v0\.2 or v1/],
  [{ provenance: { builderId: "" } }, /^Invalid provenance\.builderId: '' is not a URI/],
  [{ provenance: { reproducible: "yes" } }, /reproducible: 'yes' is not true or false/],
  [{ sbom: "x" }, /^Invalid sbom: 'x' is neither true nor a scanner/],
  [{ sbom: { image: "x" } }, /^Invalid sbom\.image: there is no such option/],
  [{ sbom: { generator: "" } }, /^Invalid sbom\.generator: '' is not an image/],
  [{ sbom: { params: { a: 1 } } }, /^Invalid sbom\.params\.a: 1 is not an attribute/],
  [{ attestations: { "A B": {} } }, /^Invalid attestations\.A B: it is not a type/],
  [{ attestations: { sbom: "x" } }, /^Invalid attestations\.sbom: 'x' is no list/],
  [{ attestations: { sbom: { "a=b": "" } } }, /is not an attribute's value/],
  [{ sbom: true, attestations: { sbom: {} } }, /^Invalid attestations\.sbom: the option sbom says/],
];

for (const [options, message] of BAD) {
  Deno.test(`attestationAttrs() refuses ${JSON.stringify(options)} with ${message}`, () => {
    assert.throws(() => attestationAttrs(options), (error: unknown) => {
      assert(error instanceof OptionError, String(error));
      assert.match(error.message, message);
      return true;
    });
  });
}
