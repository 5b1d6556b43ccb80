import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findAwsKeys } from "../../src/parts/caches/aws.ts";
import type { CacheEntry } from "../../src/parts/caches/entry.ts";
import { addGithubAccess } from "../../src/parts/caches/github.ts";
import { cachesPart } from "../../src/parts/caches.ts";
import type { BuildOptions } from "../../src/types.ts";
import { tempFolder } from "../support/temp_folder.ts";

type Variables = Record<string, string>;

const environment = (variables: Variables) => (name: string) => variables[name];

const ACCESS = { ACTIONS_CACHE_URL: "old", ACTIONS_RESULTS_URL: "new", ACTIONS_RUNTIME_TOKEN: "t" };

const GITHUB: [given: Variables, env: Variables, attrs: Variables, lacks?: RegExp][] = [
  [{}, ACCESS, { url: "old", token: "t" }],
  [{}, { ...ACCESS, ACTIONS_CACHE_SERVICE_V2: "true" }, { url_v2: "new", url: "old", token: "t" }],
  [{}, { ...ACCESS, ACTIONS_CACHE_SERVICE_V2: "False" }, { url: "old", token: "t" }],
  [{ version: "2" }, ACCESS, { version: "2", url_v2: "new", url: "old", token: "t" }],
  [{ version: "1" }, { ...ACCESS, ACTIONS_CACHE_SERVICE_V2: "1" }, {
    version: "1",
    url: "old",
    token: "t",
  }],
  [{ url: "mine", token: "mine" }, ACCESS, { url: "mine", token: "mine" }],
  [{}, { ACTIONS_RESULTS_URL: "new", ACTIONS_RUNTIME_TOKEN: "t" }, { url: "new", token: "t" }],
  [{}, { ACTIONS_RUNTIME_TOKEN: "t" }, { token: "t" }, /^it has no url \(ACTIONS_CACHE_URL\);/],
  [{ url: "mine" }, {}, { url: "mine" }, /^it has no token \(ACTIONS_RUNTIME_TOKEN\);/],
  [{}, {}, {}, /^it has no url .* and no token .*; in a workflow, an action must hand/],
];

for (const [given, env, attrs, lacks] of GITHUB) {
  const [from, of] = [JSON.stringify(env), JSON.stringify(given)];
  Deno.test(`addGithubAccess() takes from ${from} for ${of}`, () => {
    const entry = { option: "x", type: "gha", attrs: new Map(Object.entries(given)) };
    const lacking = addGithubAccess(entry, environment(env));
    assert.deepEqual(Object.fromEntries(entry.attrs), attrs);
    assert.match(lacking ?? "", lacks ?? /^$/);
  });
}

const CREDENTIALS = `# a comment
[default]
aws_access_key_id = id
aws_secret_access_key=secret/with=signs
[ other ]
AWS_ACCESS_KEY_ID = other
aws_secret_access_key = x
aws_session_token = token
[half]
aws_access_key_id = half
`;
const CONFIG = `[profile half]
region = eu
s3 =
  aws_access_key_id = nested
aws_access_key_id = whole
aws_secret_access_key = y
`;

const AWS: [env: Variables, keys: (string | undefined)[] | undefined][] = [
  [{ AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "b" }, ["a", "b", undefined]],
  [{ AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "b", AWS_SESSION_TOKEN: "c" }, ["a", "b", "c"]],
  [{ AWS_ACCESS_KEY_ID: "a" }, ["id", "secret/with=signs", undefined]],
  [{}, ["id", "secret/with=signs", undefined]],
  [{ AWS_PROFILE: "other" }, ["other", "x", "token"]],
  [{ AWS_PROFILE: "half" }, ["whole", "y", undefined]],
  [{ AWS_PROFILE: "none" }, undefined],
  [{ AWS_SHARED_CREDENTIALS_FILE: "/nowhere", AWS_CONFIG_FILE: "/nowhere" }, undefined],
];

for (const [env, keys] of AWS) {
  Deno.test(`findAwsKeys() with ${JSON.stringify(env)}`, async () => {
    await using home = tempFolder();
    mkdirSync(join(home.path, ".aws"));
    writeFileSync(join(home.path, ".aws/credentials"), CREDENTIALS);
    writeFileSync(join(home.path, ".aws/config"), CONFIG);
    const found = await findAwsKeys(environment({ HOME: home.path, ...env }));
    const { accessKeyId, secretAccessKey, sessionToken } = found ?? {};
    assert.deepEqual(found && [accessKeyId, secretAccessKey, sessionToken], keys);
  });
}

/** The part's attributes and warnings. */
async function partOf(options: BuildOptions, env: Variables = {}) {
  const warnings: string[] = [];
  const part = await cachesPart(options, {
    env: environment(env),
    logger: { warn: (line) => void warnings.push(line) },
    signal: new AbortController().signal,
  });
  const { imports, exports } = part.request!.cache!;
  const plain = ({ type, attrs }: Pick<CacheEntry, "type" | "attrs">) => [
    type,
    Object.fromEntries(attrs),
  ];
  return {
    warnings,
    imports: imports.map(plain),
    exports: exports.map(plain),
    attr: part.attrs?.["cache-imports"],
  };
}

Deno.test("cachesPart() tells the frontend of its imports as Go does", async () => {
  const { imports, attr } = await partOf({
    cacheFrom: ["a", { type: "registry", ref: "b", insecure: true }],
  });
  assert.deepEqual(imports, [
    ["registry", { ref: "a" }],
    ["registry", { ref: "b", "registry.insecure": "true" }],
  ]);
  assert.equal(
    attr,
    '[{"Type":"registry","Attrs":{"ref":"a"}},' +
      '{"Type":"registry","Attrs":{"ref":"b","registry.insecure":"true"}}]',
  );
});

Deno.test("cachesPart() leaves GitHub's cache out where there is none, and says so", async () => {
  const { imports, exports, attr, warnings } = await partOf({
    cacheFrom: [{ type: "gha" }],
    cacheTo: [{ type: "gha", mode: "max" }],
  });
  assert.deepEqual([imports, exports, attr], [[], [], undefined]);
  assert.equal(warnings.length, 2);
  assert.match(warnings[1]!, /^cacheTo\[0\]: GitHub's cache is not used: it has no url/);
});

Deno.test("cachesPart() gives S3 the keys that are here, and warns where there are none", async () => {
  const cacheTo: BuildOptions["cacheTo"] = [{ type: "s3", bucket: "b" }];
  const env = { AWS_ACCESS_KEY_ID: "id", AWS_SECRET_ACCESS_KEY: "hush" };
  const { exports, warnings } = await partOf({ cacheTo }, env);
  assert.deepEqual(exports, [["s3", {
    bucket: "b",
    access_key_id: "id",
    secret_access_key: "hush",
  }]]);
  assert.deepEqual(warnings, []);
  const without = await partOf({ cacheTo });
  assert.deepEqual(without.exports, [["s3", { bucket: "b" }]]);
  assert.match(without.warnings[0]!, /^cacheTo\[0\]: no AWS keys in the environment or ~\/\.aws/);
});

const INLINE: [options: BuildOptions, exports: unknown[]][] = [
  [{ buildArgs: { BUILDKIT_INLINE_CACHE: "1" } }, [["inline", {}]]],
  [{ buildArgs: { BUILDKIT_INLINE_CACHE: "true" }, cacheTo: ["a"] }, [["registry", { ref: "a" }], [
    "inline",
    {},
  ]]],
  [{ buildArgs: { BUILDKIT_INLINE_CACHE: "1" }, cacheTo: [{ type: "inline" }] }, [["inline", {}]]],
  [{ buildArgs: { BUILDKIT_INLINE_CACHE: "0" } }, []],
  [{ buildArgs: { BUILDKIT_INLINE_CACHE: "" } }, []],
];

for (const [options, exports] of INLINE) {
  Deno.test(`cachesPart() of ${JSON.stringify(options)}`, async () => {
    assert.deepEqual((await partOf(options)).exports, exports);
  });
}

Deno.test("cachesPart() refuses a file as a folder", async () => {
  await using temp = tempFolder();
  const dest = join(temp.path, "file");
  writeFileSync(dest, "");
  await assert.rejects(
    partOf({ cacheTo: [{ type: "local", dest }] }),
    /^OptionError: Invalid cacheTo\[0\]\.dest: ".*file" is not a folder/,
  );
});
