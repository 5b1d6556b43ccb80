import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { BUILD_FLAGS } from "../../src/cli/build_flags.ts";
import { buildOptions } from "../../src/cli/build_options.ts";
import { parseFlags } from "../../src/cli/flags.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { type FakeIo, fakeIo } from "./fake_io.ts";

const PROXIES = {
  default: { httpProxy: "http://d:1", httpsProxy: "http://d:2", noProxy: "a,b", ftpProxy: "" },
  "tcp://builder:1": { httpProxy: "http://b:1" },
  "tcp://engine:1": { httpProxy: "http://e:1" },
  "unix:///var/run/docker.sock": { ftpProxy: "http://s:1" },
};
const { default: fallback } = PROXIES;
const DEFAULT = { HTTP_PROXY: "http://d:1", HTTPS_PROXY: "http://d:2", NO_PROXY: "a,b" };

async function argsOf(
  config: unknown,
  argv: string,
  variables: Record<string, string> = {},
): Promise<{ args: unknown; io: FakeIo }> {
  await using folder = tempFolder();
  const text = typeof config === "string" ? config : JSON.stringify(config);
  writeFileSync(join(folder.path, "config.json"), text);
  const io = fakeIo({ env: { DOCKER_CONFIG: folder.path, ...variables } });
  const line = parseFlags(BUILD_FLAGS, `${argv} .`.trim().split(" "));
  return { args: (await buildOptions(line, io)).buildArgs, io };
}

const CASES: [
  name: string,
  proxies: unknown,
  argv: string,
  args: unknown,
  variables?: Record<string, string>,
][] = [
  ["none without proxies", undefined, "", undefined],
  ["none without a default", { other: fallback }, "", undefined],
  ["the default ones", { default: fallback }, "", DEFAULT],
  ["the socket's", PROXIES, "", { FTP_PROXY: "http://s:1" }],
  ["DOCKER_HOST's", PROXIES, "", { HTTP_PROXY: "http://e:1" }, { DOCKER_HOST: "tcp://engine:1" }],
  ["--addr's", PROXIES, "--addr tcp://builder:1", { HTTP_PROXY: "http://b:1" }],
  ["BUILDKIT_HOST's", PROXIES, "", { HTTP_PROXY: "http://b:1" }, {
    BUILDKIT_HOST: "tcp://builder:1",
  }],
  [
    "what the user says instead",
    { default: fallback },
    "--build-arg http_proxy=mine --build-arg NO_PROXY=",
    { http_proxy: "mine", HTTPS_PROXY: "http://d:2", NO_PROXY: "" },
  ],
];

for (const [name, proxies, argv, args, variables] of CASES) {
  Deno.test(`proxyArgs() passes ${name}`, async () =>
    assert.deepEqual((await argsOf({ proxies }, argv, variables)).args, args));
}

Deno.test("proxyArgs() warns of a configuration that can't be used, and goes on", async () => {
  const bad = ["{", JSON.stringify({ proxies: { default: { httpProxy: 1 } } })];
  for (const config of bad) {
    const { args, io } = await argsOf(config, "");
    assert.equal(args, undefined);
    assert.match(io.err(), /^warning: no proxies are passed to the build: Cannot .*config\.json: /);
  }
});
