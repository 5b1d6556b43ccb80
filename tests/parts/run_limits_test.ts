import assert from "node:assert/strict";
import { OptionError } from "../../src/errors.ts";
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
  [
    { resources: { memory: 1 } },
    /^Invalid resources: it needs BuildKit v0\.31 .* v0\.30\.2\./,
    OF("v0.30.2"),
  ],
  [{ proxyNetwork: true }, /^Invalid proxyNetwork: .*b:1 is older than v0\.11/, OF("")],
  [{ provenance: true }, /^Invalid provenance: it needs BuildKit v0\.11/, OF("v0.10.6")],
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
