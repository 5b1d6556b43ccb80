import assert from "node:assert/strict";
import { OptionError } from "../../src/errors.ts";
import { normalizePlatform, parsePlatform } from "../../src/frontend/platform.ts";

/** Each case: a text, and what containerd/platforms makes of it. */
const GOOD: [text: string, full: string][] = [
  ["linux/amd64", "linux/amd64"],
  ["linux/arm64", "linux/arm64"],
  ["linux/arm64/v8", "linux/arm64"],
  ["linux/arm64/8", "linux/arm64"],
  ["linux/arm64/v8.0", "linux/arm64"],
  ["linux/arm64/9", "linux/arm64/v9"],
  ["linux/arm64/v9.0", "linux/arm64/v9"],
  ["linux/arm64/v9", "linux/arm64/v9"],
  ["linux/arm/v7", "linux/arm/v7"],
  ["linux/arm/7", "linux/arm/v7"],
  ["linux/arm/v6", "linux/arm/v6"],
  ["linux/arm/6", "linux/arm/v6"],
  ["linux/arm", "linux/arm/v7"],
  ["linux/arm/v5", "linux/arm/v5"],
  ["linux/armhf", "linux/arm/v7"],
  ["linux/armel", "linux/arm/v6"],
  ["linux/armhf/v6", "linux/arm/v7"],
  ["arm64", "linux/arm64"],
  ["amd64", "linux/amd64"],
  ["arm", "linux/arm/v7"],
  ["armhf", "linux/arm/v7"],
  ["armel", "linux/arm/v6"],
  ["i386", "linux/386"],
  ["386", "linux/386"],
  ["x86_64", "linux/amd64"],
  ["x86-64", "linux/amd64"],
  ["linux/x86_64", "linux/amd64"],
  ["linux/amd64/v1", "linux/amd64"],
  ["linux/amd64/v2", "linux/amd64/v2"],
  ["linux/amd64/v3", "linux/amd64/v3"],
  ["Linux/AMD64", "linux/amd64"],
  ["LINUX/aarch64", "linux/arm64"],
  ["macos/arm64", "darwin/arm64"],
  ["darwin/arm64", "darwin/arm64"],
  ["windows/amd64", "windows/amd64"],
  ["windows(10.0.17763)/amd64", "windows(10.0.17763)/amd64"],
  ["windows(10.0.17763+win32k)/amd64", "windows(10.0.17763+win32k)/amd64"],
  ["wasi/wasm", "wasi/wasm"],
  ["wasip1/wasm", "wasip1/wasm"],
  ["linux/riscv64", "linux/riscv64"],
  ["riscv64", "linux/riscv64"],
  ["linux/ppc64le", "linux/ppc64le"],
  ["s390x", "linux/s390x"],
  ["linux/mips64le", "linux/mips64le"],
  ["loong64", "linux/loong64"],
  ["freebsd/amd64", "freebsd/amd64"],
  ["linux/386", "linux/386"],
  ["linux/unknown", "linux/unknown"],
  [" linux/amd64", "linux/amd64"],
];

for (const [text, wanted] of GOOD) {
  Deno.test(`normalizePlatform() takes ${JSON.stringify(text)}`, () => {
    assert.equal(normalizePlatform(text, "option"), wanted);
  });
}

const BAD: string[] = [
  "i686",
  "bogus",
  "linux/",
  "/amd64",
  "linux//v8",
  "linux/amd64/v1/x",
  "linux/a b",
  "linux/*",
  "local",
  "linux,amd64",
  "linux-amd64",
  "linux",
  "windows",
];

for (const text of BAD) {
  Deno.test(`normalizePlatform() refuses ${JSON.stringify(text)}`, () => {
    assert.throws(() => normalizePlatform(text, "option[1]"), (error: unknown) => {
      assert(error instanceof OptionError);
      assert.equal(error.option, "option[1]");
      assert(error.message.includes(`"${text}"`) && error.message.includes("(for example "));
      return true;
    });
  });
}

const PARSED: Array<[text: string, expected: Partial<ReturnType<typeof parsePlatform>>]> = [
  ["linux/amd64", { os: "linux", architecture: "amd64" }],
  ["linux/arm/v7", { os: "linux", architecture: "arm", variant: "v7" }],
  ["windows(10.0.1)/amd64", { os: "windows", osVersion: "10.0.1", architecture: "amd64" }],
  ["windows(+a+b)/amd64", { os: "windows", osFeatures: ["a", "b"], architecture: "amd64" }],
];

for (const [text, expected] of PARSED) {
  Deno.test(`parsePlatform() reads ${text}`, () => {
    const none = { os: "", architecture: "", variant: "", osVersion: "", osFeatures: [] };
    assert.deepEqual(parsePlatform(text), { ...none, ...expected });
  });
}
