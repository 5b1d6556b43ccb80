import assert from "node:assert/strict";
import { OptionError } from "../../src/errors.ts";
import { entitlements, frontendAttrs } from "../../src/frontend/attrs.ts";
import type { BuildOptions } from "../../src/types.ts";

const GOOD: [options: BuildOptions, attrs: Record<string, string>][] = [
  [{}, {}],
  [{ noCache: false, pull: false, platforms: [], noCacheFilter: [], network: "default" }, {}],
  [{ buildArgs: {}, labels: {}, addHosts: {}, ulimits: {}, frontendAttrs: {} }, {}],
  [{ target: "app" }, { target: "app" }],
  [{ platforms: ["linux/amd64", "arm64", "linux/aarch64"] }, {
    platform: "linux/amd64,linux/arm64",
  }],
  [{ buildArgs: { A: "1", "b.c": "" } }, { "build-arg:A": "1", "build-arg:b.c": "" }],
  [{ labels: { "a/b": "x=y" } }, { "label:a/b": "x=y" }],
  [{ noCache: true }, { "no-cache": "" }],
  [{ noCacheFilter: ["a", "b"] }, { "no-cache": "a,b" }],
  [{ pull: true }, { "image-resolve-mode": "pull" }],
  [{ addHosts: { h: "1.2.3.4" } }, { "add-hosts": "h=1.2.3.4" }],
  [{ addHosts: { h: ["1.2.3.4", "[::1]"], i: "::2" } }, {
    "add-hosts": "h=1.2.3.4,h=::1,i=::2",
  }],
  [{ network: "none" }, { "force-network-mode": "none" }],
  [{ network: "host" }, { "force-network-mode": "host" }],
  [{ shmSize: 1024 }, { "shm-size": "1024" }],
  [{ shmSize: "1.5m" }, { "shm-size": "1572864" }],
  [{ ulimits: { nofile: "1:2", core: 0, cpu: "-1" } }, {
    ulimit: "nofile=1:2,core=0:0,cpu=-1:-1",
  }],
  [{ cgroupParent: "/x" }, { "cgroup-parent": "/x" }],
  [{ target: "a", frontendAttrs: { target: "b", "x:y": "z" } }, { target: "b", "x:y": "z" }],
];

for (const [options, attrs] of GOOD) {
  Deno.test(`frontendAttrs() of ${JSON.stringify(options)}`, () => {
    assert.deepEqual(frontendAttrs(options), attrs);
  });
}

const BAD: [options: object, message: RegExp][] = [
  [{ target: " " }, /^Invalid target: it is empty$/],
  [{ cgroupParent: "" }, /^Invalid cgroupParent: it is empty$/],
  [{ platforms: ["linux/amd64", "x y"] }, /^Invalid platforms\[1\]: "x y" is not .*linux\/amd64/],
  [
    { buildArgs: { "A B": "" } },
    /^Invalid buildArgs: "A B" is not a name \(for example \{ VERSION/,
  ],
  [{ buildArgs: { "": "x" } }, /^Invalid buildArgs: "" is not a name/],
  [{ buildArgs: { A: 1 } }, /^Invalid buildArgs\.A: 1 is not a string/],
  [{ buildArgs: { A: undefined } }, /^Invalid buildArgs\.A: undefined is not a string/],
  [{ labels: { "a=b": "" } }, /^Invalid labels: "a=b" is not a name/],
  [{ frontendAttrs: { a: true } }, /^Invalid frontendAttrs\.a: true is not a string/],
  [{ noCache: true, noCacheFilter: ["a"] }, /^Invalid noCacheFilter: it can't be combined/],
  [{ addHosts: { h: "nowhere" } }, /^Invalid addHosts\.h: "h=nowhere" is not .*10\.0\.0\.5/],
  [{ addHosts: { "a=b": "1.2.3.4" } }, /^Invalid addHosts\.a=b: /],
  [{ addHosts: { h: 5 } }, /^Invalid addHosts\.h: "h=5"/],
  [{ addHosts: { h: "fe80::1%eth0" } }, /^Invalid addHosts\.h: /],
  [{ network: "bridge" }, /^Invalid network: "bridge" is not a mode .*"default", "host" or "none"/],
  [{ shmSize: "big" }, /^Invalid shmSize: "big" is not a size \(for example "128m"\)/],
  [{ shmSize: -1 }, /^Invalid shmSize: "-1" is not a size/],
  [{ ulimits: { nofile: "many" } }, /^Invalid ulimits\.nofile: "many" is not soft or soft:hard/],
  [{ ulimits: { nofile: "1:2:3" } }, /^Invalid ulimits\.nofile: /],
  [{ ulimits: { nofile: "1:" } }, /^Invalid ulimits\.nofile: /],
];

for (const [options, message] of BAD) {
  Deno.test(`frontendAttrs() refuses ${JSON.stringify(options)}`, () => {
    assert.throws(() => frontendAttrs(options), (error: unknown) => {
      assert(error instanceof OptionError, String(error));
      assert.match(error.message, message);
      return true;
    });
  });
}

Deno.test("entitlements() asks for what the attributes need", () => {
  assert.deepEqual(entitlements(frontendAttrs({ network: "host" })), ["network.host"]);
  assert.deepEqual(entitlements({ "force-network-mode": "none" }), []);
  assert.deepEqual(entitlements({}), []);
});
