import assert from "node:assert/strict";
import { OptionError } from "../../src/errors.ts";
import { cacheEntry } from "../../src/parts/caches/entry.ts";
import { SOURCES, TARGETS } from "../../src/parts/caches/fields.ts";
import type { CacheTarget } from "../../src/types.ts";

const DIGEST = `sha256:${"a".repeat(64)}`;

const GOOD: [cache: CacheTarget, type: string, attrs: object][] = [
  ["user/app:cache", "registry", { ref: "user/app:cache" }],
  [{ type: "registry", ref: "a", insecure: true, mode: "max" }, "registry", {
    ref: "a",
    "registry.insecure": "true",
    mode: "max",
  }],
  [{ type: "registry", ref: "a", ociMediaTypes: false, imageManifest: false }, "registry", {
    ref: "a",
    "oci-mediatypes": "false",
    "image-manifest": "false",
  }],
  [{ type: "local", dest: new URL("file:///a%20b"), reset: true, tag: "x" }, "local", {
    dest: "/a b",
    reset: "true",
    tag: "x",
  }],
  [
    {
      type: "local",
      dest: "a",
      compression: "zstd",
      compressionLevel: 0,
      forceCompression: true,
    },
    "local",
    { dest: "a", compression: "zstd", "compression-level": "0", "force-compression": "true" },
  ],
  [{ type: "inline", ignoreError: true }, "inline", { "ignore-error": "true" }],
  [{ type: "gha", timeoutSeconds: 90, urlV2: "u", version: "2", token: "t" }, "gha", {
    timeout: "90s",
    url_v2: "u",
    version: "2",
    token: "t",
  }],
  [{ type: "s3", name: ["a", "b"], usePathStyle: true, touchRefresh: "24h" }, "s3", {
    name: "a;b",
    use_path_style: "true",
    touch_refresh: "24h",
  }],
  [{ type: "azblob", name: "a", accountUrl: "u" }, "azblob", { name: "a", account_url: "u" }],
  [{ type: "registry", ref: "a", attrs: { ref: "b", future: "x" } }, "registry", {
    ref: "b",
    future: "x",
  }],
];

for (const [cache, type, attrs] of GOOD) {
  Deno.test(`cacheEntry() of ${JSON.stringify(cache)}`, () => {
    const entry = cacheEntry(cache, TARGETS, "cacheTo[0]");
    assert.deepEqual([entry.type, Object.fromEntries(entry.attrs)], [type, attrs]);
  });
}

const BAD: [cache: unknown, message: RegExp][] = [
  [null, /^Invalid cacheTo\[0\]: undefined is not a type of cache \(for example registry, local/],
  [{ type: "Local" }, /'Local' is not a type of cache; did you mean local\?/],
  [{ type: "toString" }, /'toString' is not a type/],
  [{ type: "registry" }, /^Invalid cacheTo\[0\]\.ref: it is missing \(for example "registry\.exa/],
  [{ type: "local" }, /^Invalid cacheTo\[0\]\.dest: it is missing \(for example "\.\/cache"\)/],
  [{ type: "local", dest: "" }, /^Invalid cacheTo\[0\]\.dest: it is empty/],
  [{ type: "local", dest: new URL("http://x/") }, /is not a path on this machine/],
  [{ type: "local", dst: "a" }, /^Invalid cacheTo\[0\]\.dst: there is no such option; .* dest\?$/],
  [{ type: "local", src: "a" }, /^Invalid cacheTo\[0\]\.src: there is no such option/],
  ["Upper", /^Invalid cacheTo\[0\]\.ref: "Upper": a repository name must be lower case/],
  [{ type: "inline", mode: "all" }, /^Invalid cacheTo\[0\]\.mode: 'all' is not one of min, max/],
  [{ type: "local", dest: "a", compression: "xz" }, /'xz' is not one of uncompressed, gzip, /],
  [{ type: "local", dest: "a", compressionLevel: 1.5 }, /1\.5 is not a whole number/],
  [{ type: "local", dest: "a", reset: "yes" }, /'yes' is not true or false/],
  [{ type: "local", dest: "a", tag: "" }, /^Invalid cacheTo\[0\]\.tag: '' is not a text/],
  [{ type: "gha", timeoutSeconds: 0 }, /0 is not a number of seconds/],
  [{ type: "s3", name: [] }, /the list is empty/],
  [{ type: "inline", attrs: 5 }, /^Invalid cacheTo\[0\]\.attrs: 5 is no object/],
];

for (const [cache, message] of BAD) {
  Deno.test(`cacheEntry() refuses ${JSON.stringify(cache)} with ${message}`, () => {
    assert.throws(() => cacheEntry(cache as CacheTarget, TARGETS, "cacheTo[0]"), (error) => {
      assert(error instanceof OptionError, String(error));
      assert.match(error.message, message);
      return true;
    });
  });
}

Deno.test("cacheEntry() shows no secret", () => {
  const secret = { hush: 1 } as unknown as string;
  for (
    const cache of [{ type: "s3", secretAccessKey: secret }, { type: "s3", attrs: { x: secret } }]
  ) {
    assert.throws(
      () => cacheEntry(cache as CacheTarget, TARGETS, "cacheTo[0]"),
      (error) => error instanceof OptionError && !error.message.includes("hush"),
    );
  }
});

Deno.test("cacheEntry() of sources says how to import what is inline", () => {
  assert.throws(
    () => cacheEntry({ type: "inline" }, SOURCES, "cacheFrom[0]"),
    /an inline cache is part of an image: import it with the type "registry"/,
  );
  const wrong = { type: "local", src: "a", digest: "sha256:x" } as const;
  assert.throws(() => cacheEntry(wrong, SOURCES, "cacheFrom[0]"), /'sha256:x' is not a digest/);
  const right = cacheEntry({ ...wrong, digest: DIGEST }, SOURCES, "cacheFrom[0]");
  assert.equal(right.attrs.get("digest"), DIGEST);
});
