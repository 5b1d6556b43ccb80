import assert from "node:assert/strict";
import { type CacheFilter, parseCacheFilters } from "../../src/cli/cache_filter_flag.ts";
import { UsageError } from "../../src/cli/usage_error.ts";

const VALID: [values: string[], filter: CacheFilter][] = [
  [[], { filters: [] }],
  [["type=regular"], { filters: ["type==regular"] }],
  [["type==regular"], { filters: ["type==regular"] }],
  [["Type = regular"], { filters: ["type==regular"] }],
  [["type!=regular", "private"], { filters: ["type!=regular,private"] }],
  [["id=abc"], { filters: ["id~=abc"] }],
  [["description~=COPY a,b"], { filters: ['description~="COPY a,b"'] }],
  [["parents"], { filters: ["parents"] }],
  [["inuse=true", "mutable=0"], { filters: ["inuse,immutable"] }],
  [["shared=false", "private=false"], { filters: ["private,shared"] }],
  [["until=24h"], { filters: [], unusedForMs: 86_400_000 }],
  [["unused-for=90s", "mutable"], { filters: ["mutable"], unusedForMs: 90_000 }],
];

for (const [values, filter] of VALID) {
  Deno.test(`parseCacheFilters() reads ${JSON.stringify(values)}`, () => {
    assert.deepEqual(parseCacheFilters(values), filter);
  });
}

const INVALID: [value: string, message: RegExp, hint?: RegExp][] = [
  ["typ=regular", /no key "typ"/, /Did you mean type\? Keys are id, /],
  ["zzzzzzzzz=x", /no key "zzzzzzzzz"/, /^Keys are id, description, parents, type, inuse,/],
  ["inuse=false", /can't be asked for that/],
  ["inuse!=true", /takes true or false/],
  ["shared=maybe", /takes true or false/],
  ["until=soon", /needs a duration/, /until=24h/],
  ["until", /needs a duration/],
  ["until!=24h", /needs a duration/],
];

for (const [value, message, hint = /^/] of INVALID) {
  Deno.test(`parseCacheFilters() refuses ${value}`, () => {
    assert.throws(() => parseCacheFilters([value]), (error) => {
      assert(error instanceof UsageError);
      assert.match(error.message, message);
      assert.match(error.hint ?? "", hint);
      return true;
    });
  });
}

Deno.test("parseCacheFilters() refuses two ages", () => {
  assert.throws(() => parseCacheFilters(["until=1h", "unused-for=2h"]), /once only/);
});
