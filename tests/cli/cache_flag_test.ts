import assert from "node:assert/strict";
import { parseCacheFrom, parseCacheTo } from "../../src/cli/cache_flag.ts";
import { UsageError } from "../../src/cli/usage_error.ts";

const FROM: [item: string, caches: unknown[]][] = [
  ["", []],
  ["user/app:cache", ["user/app:cache"]],
  ["user/app:cache,other", ["user/app:cache", "other"]],
  ["type=registry,ref=user/app", [{ type: "registry", ref: "user/app" }]],
  ["Type=registry,REF=a,registry.insecure=1", [{ type: "registry", ref: "a", insecure: true }]],
  ["type=local,src=a b", [{ type: "local", src: "a b" }]],
  ['type=local,"src=a,b",tag=x', [{ type: "local", src: "a,b", tag: "x" }]],
  ["type=local,src=a,digest=d", [{ type: "local", src: "a", digest: "d" }]],
  ["type=gha", [{ type: "gha" }]],
  ["type=gha,scope=s,url_v2=u,timeout=5m", [{
    type: "gha",
    scope: "s",
    urlV2: "u",
    attrs: { timeout: "5m" },
  }]],
  ["type=s3,bucket=b,region=r,name=x;y,use_path_style=true,retry_mode=standard", [{
    type: "s3",
    bucket: "b",
    region: "r",
    name: ["x", "y"],
    usePathStyle: true,
    attrs: { retry_mode: "standard" },
  }]],
  ["type=azblob,account_url=u,secret_access_key=k==", [{
    type: "azblob",
    accountUrl: "u",
    secretAccessKey: "k==",
  }]],
];

for (const [item, caches] of FROM) {
  Deno.test(`parseCacheFrom() reads ${JSON.stringify(item)}`, () => {
    assert.deepEqual(parseCacheFrom([item]), caches);
  });
}

const TO: [item: string, caches: unknown[]][] = [
  ["user/app:cache", ["user/app:cache"]],
  ["type=inline", [{ type: "inline" }]],
  ["type=registry,ref=a,mode=max,ignore-error=true,image-manifest=false", [{
    type: "registry",
    ref: "a",
    mode: "max",
    ignoreError: true,
    imageManifest: false,
  }]],
  ["type=local,dest=d,compression=zstd,compression-level=3,force-compression=true,reset=1", [{
    type: "local",
    dest: "d",
    compression: "zstd",
    compressionLevel: 3,
    forceCompression: true,
    reset: true,
  }]],
  ["type=s3,bucket=b,upload_parallelism=8,touch_refresh=24h", [{
    type: "s3",
    bucket: "b",
    uploadParallelism: 8,
    touchRefresh: "24h",
  }]],
];

for (const [item, caches] of TO) {
  Deno.test(`parseCacheTo() reads ${JSON.stringify(item)}`, () => {
    assert.deepEqual(parseCacheTo([item]), caches);
  });
}

const BAD: [item: string, message: RegExp, hint?: RegExp][] = [
  ["ref=a", /^--cache-to "ref=a" has no type$/, /^Types are registry, local, inline, gha, s3, azb/],
  ["type=redis", /^--cache-to "type=redis" has the unknown type "redis"$/, /^Types are registry/],
  ["type=toString", /unknown type "toString"/],
  ["type=redis,token=hush", /^--cache-to "type=redis,token=\*\*\*" has the unknown type/],
  ["type=local,dest", /^--cache-to: field 2 is not KEY=VALUE$/],
  ["type=local,dst=a", /^--cache-to: there is no key "dst"; did you mean dest\?$/, /dest, tag, re/],
  ["type=local,src=a", /^--cache-to: there is no key "src"/],
  [
    "type=inline,ref=a",
    /^--cache-to: there is no key "ref"/,
    /^Keys of this type are mode, ignore/,
  ],
  ["type=local,dest=a,reset=maybe", /^--cache-to reset is true or false, not "maybe"$/],
  ["type=local,dest=a,compression-level=x", /^--cache-to compression-level is a whole number, n/],
  ['type=local,dest="a', /misplaced quote/],
];

for (const [item, message, hint] of BAD) {
  Deno.test(`parseCacheTo() refuses ${JSON.stringify(item)}`, () => {
    assert.throws(() => parseCacheTo([item]), (error: unknown) => {
      assert(error instanceof UsageError, String(error));
      assert.match(error.message, message);
      if (hint !== undefined) assert.match(error.hint ?? "", hint);
      return true;
    });
  });
}

Deno.test("parseCacheFrom() has no inline", () => {
  assert.throws(() => parseCacheFrom(["type=inline"]), /unknown type "inline"/);
});
