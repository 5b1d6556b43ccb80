import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { build } from "../../src/build.ts";
import { connect } from "../../src/connect.ts";
import { historyReport } from "../../src/history_report.ts";
import type { CacheSource, CacheTarget } from "../../src/types.ts";
import {
  AZURE_ACCOUNT,
  AZURE_KEY,
  S3_KEYS,
  startAzure,
  startS3,
} from "../support/cloud_storage.ts";
import { daemonTest, type TestEnvironment } from "../support/env.ts";
import { startGithubCache } from "../support/github_cache.ts";
import { run } from "../support/process.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { traced, twoStages } from "./cache_builds.ts";

/** Another builder finds every step that one has exported. */
async function assertFound(
  env: TestEnvironment,
  to: CacheTarget,
  from: CacheSource,
): Promise<void> {
  const dockerfile = twoStages(env);
  const first = await traced({ dockerfile, address: env.address, cacheTo: [to] });
  assert.equal(first.ran.length, 3);
  const again = await traced({
    dockerfile,
    address: env.peerAddress,
    cacheFrom: [from],
    output: "image",
  });
  assert.deepEqual(again.cached, first.ran);
}

daemonTest("cacheTo and cacheFrom S3, under several names", async (env) => {
  await using s3 = await startS3("caches");
  const place = { type: "s3", bucket: "caches", region: "us-east-1", prefix: "p/" } as const;
  const access = { endpointUrl: s3.url, usePathStyle: true, ...S3_KEYS };
  const names = { name: ["branch", "main"] };
  const to: CacheTarget = { ...place, ...access, ...names, mode: "max", uploadParallelism: 2 };
  await assertFound(env, to, { ...place, ...access, name: ["none", "main"] });
});

daemonTest("the history shows no keys of caches", async (env) => {
  const cacheFrom: CacheSource[] = [
    { type: "s3", bucket: "b", region: "r", accessKeyId: "hush-id", secretAccessKey: "hush-key" },
  ];
  const dockerfile = "FROM scratch\nLABEL a=b\n";
  const { ref } = await build({ address: env.address, dockerfile, cacheFrom });
  await using client = connect(env.address);
  const page = await historyReport(client, ref);
  assert.match(page, /cache-imports/);
  assert.doesNotMatch(page, /hush/);
});

daemonTest("the command takes S3's keys from AWS's files", async (env) => {
  await using s3 = await startS3("caches");
  await using home = tempFolder();
  mkdirSync(join(home.path, ".aws"));
  const keys = `aws_access_key_id=S3RVER\naws_secret_access_key=S3RVER\n`;
  writeFileSync(join(home.path, ".aws/credentials"), `[ci]\n${keys}`);
  writeFileSync(join(home.path, "Dockerfile"), twoStages(env));
  const place = "type=s3,bucket=caches,region=us-east-1,use_path_style=true";
  const cache = `${place},endpoint_url=${s3.url}`;
  const cli = new URL("../../cli.ts", import.meta.url).pathname;
  const builds = [
    [env.address, `--cache-to=${cache},mode=max`],
    [env.peerAddress, `--cache-from=${cache}`, "--output=type=image"],
  ];
  let printed = "";
  for (const [address, ...flags] of builds) {
    const { code, stderr } = await run(process.execPath, [
      ...["run", "--allow-all", cli, "build", "--addr", address!, "--progress=plain", ...flags],
      home.path,
    ], {
      env: { HOME: home.path, AWS_PROFILE: "ci", DENO_DIR: process.env.DENO_DIR ?? denoDir() },
    });
    assert.equal(code, 0, stderr);
    printed = stderr;
  }
  assert.equal(printed.match(/^#\d+ CACHED$/gm)?.length, 3, printed);
  assert.doesNotMatch(printed, /warning|S3RVER/);
});

/** Where Deno keeps its cache, whatever HOME is. */
function denoDir(): string {
  return join(process.env.XDG_CACHE_HOME ?? join(process.env.HOME ?? "/", ".cache"), "deno");
}

daemonTest("cacheTo and cacheFrom Azure", async (env) => {
  await using azure = await startAzure();
  const accountUrl = `${azure.url}/${AZURE_ACCOUNT}`;
  const account = { accountUrl, accountName: AZURE_ACCOUNT, secretAccessKey: AZURE_KEY };
  const cache = { type: "azblob", container: "caches", name: "main", ...account } as const;
  await assertFound(env, { ...cache, mode: "max" }, cache);
});

for (const version of ["1", "2"] as const) {
  daemonTest(`cacheTo and cacheFrom GitHub's cache, version ${version}`, async (env) => {
    await using github = await startGithubCache();
    const { url, token } = github;
    const access = version === "1" ? { url } : { urlV2: url };
    const cache = { type: "gha", scope: "test", version, token, ...access } as const;
    await assertFound(env, { ...cache, mode: "max" }, cache);
    const made = version === "1"
      ? "POST /_apis/artifactcache/caches"
      : "POST /twirp/github.actions.results.api.v1.CacheService/CreateCacheEntry";
    assert(github.calls.has(made), [...github.calls].join("\n"));
  });
}

daemonTest(
  "a cache that can't be written fails the build, unless errors are ignored",
  async (env) => {
    const cache = { type: "s3", bucket: "b", region: "r", ...S3_KEYS } as const;
    const cacheTo: CacheTarget = {
      ...cache,
      endpointUrl: "http://127.0.0.1:1",
      usePathStyle: true,
      attrs: { retry_max_attempts: "1" },
    };
    const options = { dockerfile: twoStages(env), address: env.address };
    await assert.rejects(build({ ...options, cacheTo: [cacheTo] }), (error) => {
      return error instanceof Error && !error.message.includes(S3_KEYS.secretAccessKey);
    });
    await build({ ...options, cacheTo: [{ ...cacheTo, ignoreError: true }] });
  },
);
