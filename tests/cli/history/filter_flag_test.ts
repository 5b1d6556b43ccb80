import assert from "node:assert/strict";
import { parseBuildFilters } from "../../../src/cli/history/filter_flag.ts";
import { UsageError } from "../../../src/cli/usage_error.ts";
import { toBuildRecord } from "../../../src/control/build_record.ts";
import { BuildHistoryRecord } from "../../../src/gen/control.ts";

const NOW = Date.parse("2030-01-02T00:00:00Z");
const HOUR = 3_600_000_000_000n;

/** Began an hour ago, took a minute. */
function record(more: Partial<BuildHistoryRecord> = {}) {
  const createdAt = BigInt(NOW) * 1_000_000n - HOUR;
  const plain = BuildHistoryRecord.decode(BuildHistoryRecord.encode({ ref: "abc123", createdAt }));
  return toBuildRecord({ ...plain, completedAt: createdAt + HOUR / 60n, ...more });
}

const CASES: [filters: string[], fits: boolean, more?: Partial<BuildHistoryRecord>][] = [
  [[], true],
  [["status=completed"], true],
  [["status!=completed"], false],
  [["status=running"], true, { completedAt: undefined }],
  [["status=error"], true, { error: { code: 2, message: "x", details: [] } }],
  [["status=canceled"], true, { error: { code: 1, message: "context canceled", details: [] } }],
  [["ref=c12"], true],
  [["ref!=c12"], true],
  [["ref!=abc123"], false],
  [["repository=test/r"], true, { frontendAttrs: new Map([["vcs:source", "https://test/r"]]) }],
  [["repository=test/r"], true, { frontendAttrs: new Map([["context", "git@test/r#main"]]) }],
  [["repository=main"], false, { frontendAttrs: new Map([["context", "git@test/r#main"]]) }],
  [["repository=test"], false, { frontendAttrs: new Map([["context", "https://test/a.tar"]]) }],
  [["startedAt>2h"], true],
  [["startedAt>30m"], false],
  [["startedAt<=30m"], true],
  [["startedAt>=2030-01-01T23:00:00Z"], true],
  [["startedAt<2030-01-01T23:00:00Z"], false],
  [["completedAt>2030-01-01T23:00:30Z"], true],
  [["completedAt>2h"], false, { completedAt: undefined }],
  [["duration>=1m"], true],
  [["duration<1m"], false],
  [["status=completed", "ref=x"], false],
];

for (const [filters, fits, more] of CASES) {
  Deno.test(`parseBuildFilters() of ${JSON.stringify(filters)} is ${fits}`, () => {
    assert.equal(parseBuildFilters(filters, NOW)(record(more)), fits);
  });
}

const INVALID: [filter: string, message: RegExp, hint?: RegExp][] = [
  ["status", /is not KEY=VALUE/],
  ["=x", /is not KEY=VALUE/],
  ["stats=error", /no key "stats"/, /Did you mean status\?/],
  ["zzzzzzzz=1", /no key/, /^Keys are ref, repository, status, startedAt, completedAt, duration$/],
  ["status=broken", /is not a status/, /running, completed, error, canceled/],
  ["status>error", /takes = and !=, not >/],
  ["startedAt=1h", /takes <, <=, > and >=, not =/],
  ["startedAt>soon", /is not a time or a duration/],
  ["duration>2030-01-01T00:00:00Z", /is not a duration/],
];

for (const [filter, message, hint = /^/] of INVALID) {
  Deno.test(`parseBuildFilters() refuses ${filter}`, () => {
    assert.throws(() => parseBuildFilters([filter], NOW), (error) => {
      assert(error instanceof UsageError);
      assert.match(error.message, message);
      assert.match(error.hint ?? "", hint);
      return true;
    });
  });
}
