import assert from "node:assert/strict";
import { authorityOf, parseAddress } from "../../src/connect/address.ts";
import { OptionError } from "../../src/errors.ts";

const TCP: Array<[string, string, number, string]> = [
  ["tcp://buildkit:1234", "buildkit", 1234, "buildkit:1234"],
  ["tcp://127.0.0.1:1", "127.0.0.1", 1, "127.0.0.1:1"],
  ["tcp://[::1]:65535", "::1", 65535, "[::1]:65535"],
  ["tcp://[fe80::1%eth0]:8080", "fe80::1%eth0", 8080, "[fe80::1%eth0]:8080"],
  ["tcp://build-kit_0.example.:1234/", "build-kit_0.example.", 1234, "build-kit_0.example.:1234"],
];

for (const [text, host, port, authority] of TCP) {
  Deno.test(`parseAddress() reads ${text}`, () => {
    const address = parseAddress(text);
    assert.deepEqual(address, { scheme: "tcp", host, port, text });
    assert.equal(authorityOf(address), authority);
  });
}

Deno.test("parseAddress() reads unix:///run/with space/buildkitd.sock", () => {
  const text = "unix:///run/with space/buildkitd.sock";
  const address = parseAddress(text);
  assert.deepEqual(address, { scheme: "unix", path: "/run/with space/buildkitd.sock", text });
  assert.equal(authorityOf(address), "localhost");
});

const BAD: Array<[string, RegExp]> = [
  ["", /"" has no scheme/],
  ["buildkit:1234", /has no scheme/],
  ["/run/buildkitd.sock", /has no scheme/],
  ["http://buildkit:1234", /scheme http, which is not known/],
  ["docker-container://buildkit", /scheme docker-container, which is not known/],
  ["unix://run/buildkitd.sock", /not an absolute path/],
  ["unix://", /not an absolute path/],
  ["tcp://", /not host and port/],
  ["tcp://buildkit", /not host and port/],
  ["tcp://buildkit:", /not host and port/],
  ["tcp://:1234", /not host and port/],
  ["tcp://buildkit:0", /not host and port/],
  ["tcp://buildkit:65536", /not host and port/],
  ["tcp://buildkit:12x", /not host and port/],
  ["tcp://::1:1234", /not host and port/],
  ["tcp://[zz]:1234", /not host and port/],
  ["tcp://user@buildkit:1234", /not host and port/],
  ["tcp://buildkit:1234/path", /not host and port/],
  ["tcp://buildkit:1234?x=1", /not host and port/],
  ["tcp://build kit:1234", /not host and port/],
];

for (const [text, problem] of BAD) {
  Deno.test(`parseAddress() refuses "${text}"`, () => {
    assert.throws(() => parseAddress(text, "BUILDKIT_HOST"), (error) => {
      assert(error instanceof OptionError);
      assert.equal(error.option, "BUILDKIT_HOST");
      assert.match(error.message, /^Invalid BUILDKIT_HOST: /);
      assert.match(error.message, problem);
      assert.match(error.message, /for example/);
      return true;
    });
  });
}
