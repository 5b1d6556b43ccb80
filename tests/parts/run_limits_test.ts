import assert from "node:assert/strict";
import { OptionError, UnsupportedError } from "../../src/errors.ts";
import { openParts } from "../../src/parts/all.ts";
import type { PartBuilder } from "../../src/parts/part.ts";
import type { BuildOptions } from "../../src/types.ts";

const STANDALONE: PartBuilder = { kind: "standalone", address: "tcp://b:1", from: "address" };
const ENGINE: PartBuilder = { kind: "embedded", address: "unix:///d.sock", from: "DOCKER_HOST" };
const OF = (version: string): PartBuilder => {
  return { ...STANDALONE, version: () => Promise.resolve(version) };
};
const OLD_STORE = { ...ENGINE, engine: { containerdStore: false, labels: {} } };
const NEW_STORE = {
  ...ENGINE,
  engine: {
    containerdStore: true,
    labels: { "org.mobyproject.buildkit.worker.moby.host-gateway-ip": "172.17.0.1" },
  },
};

/** What the options add for a builder. */
async function added(options: BuildOptions, builder = STANDALONE) {
  const scope = { env: () => undefined, logger: undefined, signal: new AbortController().signal };
  const part = await openParts(options, scope);
  const more = await part.forBuilder?.(builder) ?? {};
  const request = { ...part.request, ...more.request };
  return {
    attrs: { ...part.attrs, ...more.attrs },
    ...(part.entitlements!.length > 0 && { entitlements: part.entitlements }),
    ...(Object.keys(request).length > 0 && { request }),
  };
}

const GOOD: [options: BuildOptions, added: object, builder?: PartBuilder][] = [
  [{ resources: {} }, { attrs: {} }],
  [
    {
      resources: {
        memory: "512m",
        memorySwap: -1,
        cpuShares: 2,
        cpuPeriod: 100_000,
        cpuQuota: 50_000,
        cpusetCpus: "0-3,5",
        cpusetMems: "0",
      },
    },
    {
      attrs: {
        memory: "536870912",
        memswap: "-1",
        cpushares: "2",
        cpuperiod: "100000",
        cpuquota: "50000",
        cpusetcpus: "0-3,5",
        cpusetmems: "0",
      },
    },
  ],
  [{ resources: { memory: 1024, memorySwap: "1g" } }, {
    attrs: { memory: "1024", memswap: "1073741824" },
  }],
  [{ allow: ["network.host", "security.insecure", "device", "device=a.b/c=d,alias=x"] }, {
    attrs: {},
    entitlements: ["network.host", "security.insecure", "device", "device=a.b/c=d,alias=x"],
  }],
  [{ allow: [] }, { attrs: {} }],
  [{ proxyNetwork: true }, { attrs: {}, request: { proxyNetwork: true } }],
  [{ proxyNetwork: false }, { attrs: {} }, OF("")],
  [{ resources: { memory: 1 } }, { attrs: { memory: "1" } }, OF("v0.31.0-rc1")],
  [{ resources: { memory: 2 } }, { attrs: { memory: "2" } }, OF("v0.0.0+unknown")],
  [{ resources: { memory: 3 } }, { attrs: { memory: "3" } }, OF("v1.0.0")],
  [{ resources: { memory: 4 } }, { attrs: { memory: "4" } }, OF("v0.30.0-12-gabcdef0")],
  [{ provenance: { optional: true } }, {
    attrs: { "attest:provenance": "type=provenance,mode=min" },
  }, OF("")],
  [{ sourceDateEpoch: 0 }, { attrs: { "build-arg:SOURCE_DATE_EPOCH": "0" } }],
  [{ sourceDateEpoch: new Date(1_700_000_000_999) }, {
    attrs: { "build-arg:SOURCE_DATE_EPOCH": "1700000000" },
  }],
  [{ sourceDateEpoch: 5, buildArgs: { SOURCE_DATE_EPOCH: "5" } }, {
    attrs: { "build-arg:SOURCE_DATE_EPOCH": "5" },
  }],
  [{ addHosts: { a: "10.0.0.1" } }, { attrs: {} }],
  [
    { addHosts: { a: ["host-gateway", "::1"] } },
    { attrs: { "add-hosts": "a=172.17.0.1,a=::1" } },
    NEW_STORE,
  ],
  [{ addHosts: { a: "host-gateway" } }, { attrs: {} }, { ...ENGINE, kind: "classic" }],
  [{ provenance: true }, { attrs: { "attest:provenance": "type=provenance,mode=min" } }],
  [{ sbom: true }, { attrs: { "attest:sbom": "type=sbom" } }, NEW_STORE],
  [{ provenance: { optional: true } }, { attrs: {} }, OLD_STORE],
  [{ provenance: { optional: true } }, { attrs: {} }, { ...ENGINE, kind: "classic" }],
];

for (const [options, expected, builder] of GOOD) {
  Deno.test(`openParts() of ${JSON.stringify(options)} for ${builder?.kind ?? "any"}`, async () => {
    assert.deepEqual(await added(options, builder), expected);
  });
}

const BAD: [options: object, message: RegExp, builder?: PartBuilder][] = [
  [{ resources: { mem: 1 } }, /^Invalid resources\.mem: there is no such option/],
  [{ resources: { memory: "x" } }, /^Invalid resources\.memory: "x" is not a size/],
  [{ resources: { memory: 0 } }, /^Invalid resources\.memory: nothing is no limit/],
  [{ resources: { memorySwap: -2 } }, /^Invalid resources\.memorySwap: "-2" is not a size/],
  [{ resources: { cpuShares: 1.5 } }, /cpuShares: 1\.5 is not a whole number above 0/],
  [{ resources: { cpuQuota: "1" } }, /cpuQuota: '1' is not a whole number/],
  [{ resources: { cpusetCpus: "0-" } }, /cpusetCpus: '0-' is no list of numbers/],
  [{ allow: ["network.hots"] }, /^Invalid allow\[0\]: 'network\.hots' .*mean network\.host\?/],
  [{ allow: ["x"] }, /there are network\.host, security\.insecure, device/],
  [{ allow: ["device="] }, /'device=' is not a device/],
  [{ sourceDateEpoch: 1.5 }, /^Invalid sourceDateEpoch: 1\.5 is neither a date nor whole seconds/],
  [{ sourceDateEpoch: "1" }, /'1' is neither/],
  [{ sourceDateEpoch: new Date(NaN) }, /is neither a date/],
  [{ sourceDateEpoch: 1, buildArgs: { SOURCE_DATE_EPOCH: "2" } }, /it is 1, but buildArgs/],
  [{ addHosts: { a: "host-gateway" } }, /only a Docker engine knows .* builder is tcp:\/\/b:1/],
  [{ addHosts: { a: "host-gateway" } }, /does not tell its address/, OLD_STORE],
  [{ addHosts: { a: "host-gateway" } }, /does not tell its address/, {
    ...ENGINE,
    engine: {
      containerdStore: true,
      labels: { "org.mobyproject.buildkit.worker.moby.host-gateway-ip": "<nil>" },
    },
  }],
  [{ sbom: true }, /^Invalid sbom: the Docker engine at unix.* cannot attest anything/, OLD_STORE],
];

for (const [options, message, builder] of BAD) {
  Deno.test(`openParts() refuses ${JSON.stringify(options)} with ${message}`, async () => {
    await assert.rejects(added(options, builder), (error: unknown) => {
      assert(error instanceof OptionError, String(error));
      assert.match(error.message, message);
      return true;
    });
  });
}

const LAYOUT = { type: "oci", tar: false, dest: "layout" } as const;
const DELETE = { type: "local", dest: "out", mode: "delete" } as const;
const IN_ENGINE = { ...ENGINE, version: () => Promise.resolve("") };

const TOO_OLD: [options: BuildOptions, message: RegExp, builder: PartBuilder][] = [
  [
    { resources: { memory: 1 } },
    /^resources needs BuildKit v0\.31 or later, .* v0\.30\.2\./,
    OF("v0.30.2"),
  ],
  [{ proxyNetwork: true }, /^proxyNetwork needs .*b:1 is older than v0\.11/, OF("")],
  [{ provenance: true }, /^provenance needs BuildKit v0\.11/, OF("v0.10.6")],
  [{ provenance: { version: "v1" } }, /^provenance\.version v1 needs .*v0\.23/, OF("v0.22.0")],
  [{ annotations: { a: "b" } }, /^annotations needs .*v0\.11/, OF("v0.10.6")],
  [{ sourceDateEpoch: 0 }, /^sourceDateEpoch needs .*v0\.11/, OF("")],
  [{ shmSize: 1 }, /^shmSize needs .*v0\.10/, OF("v0.9.3")],
  [{ ulimits: { nofile: 1 } }, /^ulimits needs .* is older than v0\.11/, IN_ENGINE],
  [{ cgroupParent: "a" }, /^cgroupParent needs .*v0\.10/, IN_ENGINE],
  [{ output: DELETE }, /^output\.mode needs BuildKit v0\.31/, OF("v0.26.3")],
  [{ output: [LAYOUT, DELETE] }, /^output\.mode needs BuildKit v0\.31/, OF("v0.12.5")],
  [{ output: [LAYOUT, "image"] }, /^a list of outputs needs .*v0\.13/, OF("v0.12.5")],
  [{ output: { ...LAYOUT, rewriteTimestamp: true } }, /^output\.rewriteT.*v0\.13/, OF("v0.12.5")],
  [{ output: { ...LAYOUT, ociArtifact: true } }, /^output\.ociArt.*v0\.19/, OF("v0.18.2")],
  [
    { output: { ...LAYOUT, annotations: {} } },
    /^output\.annotations needs .*v0\.11/,
    OF("v0.10.0"),
  ],
  [{ output: () => [] }, /^a function as output needs .*v0\.21/, OF("v0.20.2")],
  [{ sourcePolicy: { rules: [] } }, /^sourcePolicy needs .*v0\.11/, IN_ENGINE],
  [{ sourcePolicy: () => ({ action: "ALLOW" }) }, /^a function as source.*v0\.26/, OF("v0.25.2")],
];

for (const [options, message, builder] of TOO_OLD) {
  Deno.test(`openParts() says what an old builder lacks: ${message}`, async () => {
    await assert.rejects(added(options, builder), (error: unknown) => {
      assert(error instanceof UnsupportedError, String(error));
      assert.match(error.message, message);
      return true;
    });
  });
}

const NEW_ENOUGH: [options: BuildOptions, builder: PartBuilder][] = [
  [{ shmSize: 1, ulimits: { nofile: 1 }, cgroupParent: "a" }, OF("")],
  [{ output: [LAYOUT, "image"] }, OF("v0.13.0-beta1")],
  [{ output: [LAYOUT, "cacheonly"] }, OF("v0.12.5")],
  [{ output: [LAYOUT, "image"] }, { ...ENGINE, version: () => Promise.resolve("v0.12.5") }],
  [{ output: DELETE }, OF("v0.31.0")],
  [{ output: { type: "local", dest: "out" } }, OF("v0.10.0")],
  [{ sourceDateEpoch: 0, output: LAYOUT }, OF("v0.11.0")],
  [{ sourcePolicy: { rules: [] } }, OF("v0.11.0")],
];

for (const [options, builder] of NEW_ENOUGH) {
  Deno.test(`openParts() asks no newer builder for ${JSON.stringify(options)}`, async () => {
    await added(options, builder);
  });
}
