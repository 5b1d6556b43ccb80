import assert from "node:assert/strict";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "../../src/build.ts";
import { BuildError } from "../../src/build_error.ts";
import { OptionError, PolicyError, UnsupportedError } from "../../src/errors.ts";
import { sourcePolicyPart } from "../../src/parts/source_policy.ts";
import type {
  BuildOptions,
  PolicyCallback,
  PolicyDecision,
  PolicySource,
  SourcePolicy,
} from "../../src/types.ts";
import { Buildctl } from "../support/buildctl.ts";
import { daemonTest } from "../support/env.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { builtFiles } from "./support.ts";

const ALLOW = { action: "ALLOW" } as const;

/** A function that asks `decide` about images and downloads, and lets the build's own folders pass. */
function about(decide: (source: PolicySource) => PolicyDecision): PolicyCallback {
  return (source) => source.identifier.startsWith("local://") ? ALLOW : decide(source);
}

/** Serves `/old` and `/new`. */
async function withDownloads(use: (origin: string) => Promise<void>): Promise<void> {
  const server = http.createServer(({ url }, response) => response.end(`content of ${url}`));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

async function failed(options: BuildOptions): Promise<unknown> {
  return await build({ context: {}, ...options }).then(() => undefined, (error) => error);
}

daemonTest(
  "build() has rules deny an image, with buildctl's words",
  async ({ address, baseImage, tools }) => {
    const rule = {
      action: "DENY",
      selector: { identifier: "docker-image://*/moat/base:*" },
    } as const;
    const dockerfile = `FROM ${baseImage}\n`;
    const error = await failed({ address, dockerfile, sourcePolicy: { rules: [rule] } });
    assert(error instanceof BuildError, String(error));
    assert.equal(error.code, "POLICY_DENIED");
    await using folder = tempFolder();
    const path = folder.path;
    writeFileSync(join(path, "Dockerfile"), dockerfile);
    writeFileSync(join(path, "policy.json"), JSON.stringify({ version: 1, rules: [rule] }));
    const { stderr } = await new Buildctl(tools.buildctl, address).build(
      ...["--frontend", "dockerfile.v0", "--local", `context=${path}`],
      ...["--local", `dockerfile=${path}`, "--source-policy-file", join(path, "policy.json")],
    );
    assert(stderr.includes(`error: failed to solve: ${error.originalMessage}`), stderr);
  },
);

daemonTest("build() has the last rule that matches decide", async ({ address, baseImage }) => {
  const identifier = `docker-image://${baseImage}`;
  const sourcePolicy: SourcePolicy = {
    rules: [
      { action: "DENY", selector: { identifier: "docker-image://*" } },
      { action: "ALLOW", selector: { identifier: `${identifier}*` } },
    ],
  };
  await build({ address, context: {}, dockerfile: `FROM ${baseImage}\n`, sourcePolicy });
});

daemonTest(
  "build() has rules convert a download, by constraints too",
  ({ address }) =>
    withDownloads(async (origin) => {
      const options = {
        address,
        context: {},
        dockerfile: `FROM scratch\nADD ${origin}/old /file\n`,
      };
      const convert = (key: string): SourcePolicy => ({
        rules: [{
          action: "CONVERT",
          selector: {
            identifier: `${origin}/old`,
            matchType: "EXACT",
            constraints: [{ key, value: "old", condition: "EQUAL" }],
          },
          updates: { identifier: `${origin}/new`, attrs: { "http.filename": "old" } },
        }],
      });
      assert.deepEqual(
        await builtFiles({ ...options, sourcePolicy: convert("http.filename") }),
        { file: "content of /new" },
      );
      assert.deepEqual(
        await builtFiles({ ...options, sourcePolicy: convert("http.other") }),
        { file: "content of /old" },
      );
    }),
);

daemonTest("build() asks a function about every source", async ({ address, baseImage }) => {
  const asked: PolicySource[] = [];
  await build({
    address,
    context: { a: "b" },
    dockerfile: `FROM ${baseImage}\nCOPY a /\n`,
    platforms: ["linux/amd64"],
    sourcePolicy: (source) => {
      asked.push(source);
      return ALLOW;
    },
  });
  const names = new Set(asked.map(({ identifier }) => identifier.replace(/@sha256:.*/, "")));
  assert.deepEqual([...names].sort(), [
    `docker-image://${baseImage}`,
    "local://context",
    "local://dockerfile",
  ]);
  const image = asked.find(({ identifier }) => identifier.startsWith("docker-image:"));
  assert.equal(image?.platform, "linux/amd64");
});

daemonTest(
  "build() tells the reasons with which a function denies",
  async ({ address, baseImage }) => {
    const messages = ["only signed images", "ask the platform team"];
    const sourcePolicy = about(() => ({ action: "DENY", messages }));
    const error = await failed({ address, dockerfile: `FROM ${baseImage}\n`, sourcePolicy });
    assert(error instanceof BuildError, String(error));
    assert.equal(error.code, "POLICY_DENIED");
    assert.deepEqual(error.denyMessages, messages);
    assert.match(error.message, /only signed images/);
  },
);

daemonTest(
  "build() tells that a function denies without reasons",
  async ({ address, baseImage }) => {
    const sourcePolicy = about(() => ({ action: "DENY" }));
    const error = await failed({ address, dockerfile: `FROM ${baseImage}\n`, sourcePolicy });
    assert(error instanceof BuildError && error.code === "POLICY_DENIED", String(error));
  },
);

daemonTest("build() has a function convert an image", async ({ address, baseImage }) => {
  const sourcePolicy = about(({ identifier }) =>
    identifier.includes("nowhere.example")
      ? { action: "CONVERT", identifier: `docker-image://${baseImage}` }
      : ALLOW
  );
  const files = await builtFiles({
    address,
    context: {},
    dockerfile:
      "FROM nowhere.example/base:1 AS a\nRUN echo yes >/file\nFROM scratch\nCOPY --from=a /file /\n",
    sourcePolicy,
  });
  assert.deepEqual(files, { file: "yes\n" });
});

daemonTest(
  "build() lets a function know an image's digest and config",
  async ({ address, baseImage }) => {
    const seen: PolicySource[] = [];
    const sourcePolicy = about((source) => {
      if (source.checksum === undefined) return { resolve: "checksum" };
      if (source.imageConfig === undefined) return { resolve: "image-config" };
      seen.push(source);
      return ALLOW;
    });
    await build({ address, context: {}, dockerfile: `FROM ${baseImage}\n`, sourcePolicy });
    const [source] = seen;
    assert.match(source?.checksum ?? "", /^sha256:[0-9a-f]{64}$/);
    assert.equal((source?.imageConfig as { os: string }).os, "linux");
  },
);

daemonTest(
  "build() lets a function know a download's checksum",
  ({ address }) =>
    withDownloads(async (origin) => {
      const checksums = new Set<string | undefined>();
      const sourcePolicy = about(({ checksum }) => {
        checksums.add(checksum);
        return checksum === undefined ? { resolve: "checksum" } : ALLOW;
      });
      const dockerfile = `FROM scratch\nADD ${origin}/old /file\n`;
      await build({ address, context: {}, dockerfile, sourcePolicy });
      const known = [...checksums].filter((checksum) => checksum !== undefined);
      assert.equal(known.length, 1);
      assert.match(known[0]!, /^sha256:[0-9a-f]{64}$/);
    }),
);

const BAD_FUNCTIONS: [name: string, decide: (source: PolicySource) => unknown, message: RegExp][] =
  [
    ["throws", () => {
      throw new Error("no policy server");
    }, /^The function in sourcePolicy, asked about docker-image:\S+, failed: no policy server$/],
    [
      "says nothing",
      () => undefined,
      /, answered neither ALLOW, DENY, CONVERT nor what to resolve$/,
    ],
    ["says it wrong", () => ({ action: "allow" }), /, answered neither ALLOW/],
    [
      "always wants more",
      () => ({ resolve: "checksum" }),
      /, wants the checksum resolved, which was done$/,
    ],
  ];

for (const [name, decide, message] of BAD_FUNCTIONS) {
  daemonTest(
    `build() fails with a policy function that ${name}`,
    async ({ address, baseImage }) => {
      const sourcePolicy = about(decide as () => PolicyDecision);
      const error = await failed({ address, dockerfile: `FROM ${baseImage}\n`, sourcePolicy });
      assert(error instanceof PolicyError, String(error));
      assert.match(error.message, message);
      assert(error.source.startsWith("docker-image://"));
    },
  );
}

Deno.test("sourcePolicyPart() gives no files to a builder that does not ask the function", async () => {
  const part = await sourcePolicyPart({ sourcePolicy: () => ALLOW });
  assert.throws(() => part.beforeFiles?.(), UnsupportedError);
});

const selector = { identifier: "*" };
const INVALID: [policy: unknown, message: string][] = [
  [{}, "Invalid sourcePolicy.rules: it is missing"],
  [{ rules: {} }, "Invalid sourcePolicy.rules: it is no list"],
  [
    { rules: [], versoin: 1 },
    "Invalid sourcePolicy.versoin: there is no such option; did you mean version?",
  ],
  [{ rules: [], version: "1" }, "Invalid sourcePolicy.version: '1' is no version (for example 1)"],
  [{ rules: [null] }, "Invalid sourcePolicy.rules[0]: it is no object"],
  [{ rules: [{ action: "DENY" }] }, "Invalid sourcePolicy.rules[0].selector: it is missing"],
  [
    { rules: [{ action: "deny", selector }] },
    "Invalid sourcePolicy.rules[0].action: 'deny' is none of ALLOW, DENY, CONVERT",
  ],
  [
    { rules: [{ action: "DENY", selector: {} }] },
    "Invalid sourcePolicy.rules[0].selector.identifier: it is missing",
  ],
  [
    { rules: [{ action: "DENY", selector: { ...selector, matchType: "GLOB" } }] },
    "Invalid sourcePolicy.rules[0].selector.matchType: 'GLOB' is none of WILDCARD, EXACT, REGEX",
  ],
  [
    { rules: [{ action: "DENY", selector: { ...selector, constraints: [{ key: "a" }] } }] },
    "Invalid sourcePolicy.rules[0].selector.constraints[0].value: it is missing",
  ],
  [
    { rules: [{ action: "CONVERT", selector, updates: { attrs: { a: 1 } } }] },
    'Invalid sourcePolicy.rules[0].updates.attrs["a"]: it is no text',
  ],
  ["deny", "Invalid sourcePolicy: it is no object"],
];

for (const [sourcePolicy, message] of INVALID) {
  Deno.test(`sourcePolicyPart() says: ${message}`, async () => {
    const policy = sourcePolicy as SourcePolicy;
    await assert.rejects(sourcePolicyPart({ sourcePolicy: policy }), (error: unknown) => {
      assert(error instanceof OptionError);
      assert.equal(error.message, message);
      return true;
    });
  });
}
