import assert from "node:assert/strict";
import { goJson, recordJson, withoutSecrets } from "../../src/control/record_json.ts";
import { BuildHistoryRecord } from "../../src/gen/control.ts";

Deno.test("recordJson() is what Go's encoding/json writes", () => {
  const descriptor = { mediaType: "m", digest: "sha256:1", size: 5n, annotations: new Map() };
  const record = BuildHistoryRecord.decode(BuildHistoryRecord.encode({
    ref: "r",
    frontendAttrs: new Map([["target", "<a&b>"], ["build-arg:A", "1"]]),
    exporters: [{ type: "image", attrs: new Map([["push", ""]]) }],
    error: { code: 2, message: "no", details: [] },
    createdAt: 1_795_369_680_000_000_007n,
    completedAt: 1_795_369_681_000_000_000n,
    logs: descriptor,
    result: { attestations: [], results: new Map([[0n, descriptor]]) },
    numTotalSteps: 3,
  }));
  // As buildx v0.36 exports such a record.
  assert.equal(
    goJson(recordJson(record, "linux/amd64")),
    '{"Ref":"r","FrontendAttrs":{"build-arg:A":"1","target":"\\u003ca\\u0026b\\u003e"},' +
      '"Exporters":[{"Type":"image","Attrs":{"push":""}}],"error":{"code":2,"message":"no"},' +
      '"CreatedAt":{"seconds":1795369680,"nanos":7},"CompletedAt":{"seconds":1795369681},' +
      '"logs":{"media_type":"m","digest":"sha256:1","size":5},' +
      '"Result":{"Results":{"0":{"media_type":"m","digest":"sha256:1","size":5}}},' +
      '"numTotalSteps":3,"DefaultPlatform":"linux/amd64"}',
  );
});

const IMPORTS: [given: string, left: string][] = [
  [
    '[{"Type":"gha","Attrs":{"token":"canary","scope":"s","url":"u"}}]',
    '[{"Type":"gha","Attrs":{"scope":"s"}}]',
  ],
  ['[{"Type":"registry","Attrs":{"ref":"r"}}]', '[{"Type":"registry","Attrs":{"ref":"r"}}]'],
  ["canary", ""],
  ["null", ""],
];

for (const [given, left] of IMPORTS) {
  Deno.test(`recordJson() leaves of the cache imports ${given} only names`, () => {
    const record = BuildHistoryRecord.decode(BuildHistoryRecord.encode({
      frontendAttrs: new Map([["cache-imports", given]]),
    }));
    const { FrontendAttrs } = recordJson(record, "") as { FrontendAttrs: Record<string, string> };
    assert.equal(FrontendAttrs["cache-imports"], left);
  });
}

Deno.test("withoutSecrets() removes tokens from the strings of JSON, and nothing else", () => {
  const secret = `ghs_${"a".repeat(36)}`;
  const given = { a: "buildctl type=gha,token=canary,x=1", b: [`see ${secret}`], c: 12.0, d: "<" };
  assert.deepEqual(JSON.parse(withoutSecrets(JSON.stringify(given))), {
    ...{ a: "buildctl type=gha,token=xxxxx,x=1", b: ["see xxxxx"], c: 12, d: "<" },
  });
  const untouched = '{ "big": 12345678901234567890, "quoted": "a\\"b" }';
  assert.equal(withoutSecrets(untouched), untouched);
});
