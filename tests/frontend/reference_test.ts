import assert from "node:assert/strict";
import { OptionError } from "../../src/errors.ts";
import { normalizeReference } from "../../src/frontend/reference.ts";

const HEX = "a".repeat(64);

/** Each case: a text, and what distribution/reference makes of it. */
const GOOD: [text: string, full: string][] = [
  ["app", "docker.io/library/app:latest"],
  ["app:1", "docker.io/library/app:1"],
  [`app@sha256:${HEX}`, `docker.io/library/app@sha256:${HEX}`],
  [`app:1@sha256:${HEX}`, `docker.io/library/app:1@sha256:${HEX}`],
  ["team/app", "docker.io/team/app:latest"],
  ["docker.io/app", "docker.io/library/app:latest"],
  ["docker.io/team/app", "docker.io/team/app:latest"],
  ["index.docker.io/app", "docker.io/library/app:latest"],
  ["index.docker.io/team/app", "docker.io/team/app:latest"],
  ["localhost/app", "localhost/app:latest"],
  ["localhost:5000/app", "localhost:5000/app:latest"],
  ["localhost:5000/app:2", "localhost:5000/app:2"],
  ["registry.example/team/app:1.2", "registry.example/team/app:1.2"],
  ["registry.example:443/a/b/c/d:x", "registry.example:443/a/b/c/d:x"],
  ["127.0.0.1:5000/x", "127.0.0.1:5000/x:latest"],
  ["[::1]:5000/x", "[::1]:5000/x:latest"],
  ["[fe80::1]/x", "[fe80::1]/x:latest"],
  ["UPPER/app", "UPPER/app:latest"],
  ["Upper.example/app", "Upper.example/app:latest"],
  ["a__b", "docker.io/library/a__b:latest"],
  ["a--b", "docker.io/library/a--b:latest"],
  ["app:_tag", "docker.io/library/app:_tag"],
  ["app:Tag-1.2_3", "docker.io/library/app:Tag-1.2_3"],
  ["foo_bar/app", "docker.io/foo_bar/app:latest"],
  ["a.b", "docker.io/library/a.b:latest"],
  ["a.b/c", "a.b/c:latest"],
  ["a:5000", "docker.io/library/a:5000"],
  ["a:5000/b", "a:5000/b:latest"],
  ["sub.docker.io/x", "sub.docker.io/x:latest"],
  ["docker.io/library/app", "docker.io/library/app:latest"],
  ["docker.io/library", "docker.io/library/library:latest"],
  ["docker.io", "docker.io/library/docker.io:latest"],
  ["a".repeat(247), `docker.io/library/${"a".repeat(247)}:latest`],
  [`registry.example/${"a".repeat(255)}`, `registry.example/${"a".repeat(255)}:latest`],
  [`app:${"t".repeat(128)}`, `docker.io/library/app:${"t".repeat(128)}`],
];

for (const [text, wanted] of GOOD) {
  Deno.test(`normalizeReference() takes ${JSON.stringify(text)}`, () => {
    assert.equal(normalizeReference(text, "option"), wanted);
  });
}

const BAD: string[] = [
  "app@sha256:aaaa",
  "app@sha256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
  `app@md5:${HEX.slice(32)}`,
  `app@Sha256:${HEX}`,
  "[::1%eth0]/x",
  "registry.example/App",
  "app:",
  "app@",
  ":1",
  "/app",
  "app/",
  "a//b",
  "a..b",
  "a___b",
  "a-_b",
  "a._b",
  "-app",
  "app-",
  "app.",
  "_app",
  "app:.tag",
  "app:-tag",
  "app:a/b",
  "app:tag with space",
  " app",
  "app ",
  "ünicode",
  "app:ü",
  "host-/app",
  "my-host.example-/app",
  "registry.example:port/app",
  "registry.example:/app",
  `${HEX}`,
  "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
  "abcdefabcdefabcdefabcdefabcdefabcdefabcdefabcdefabcdefabcdefabcd",
  "https://registry.example/app",
  "app:1:2",
  `app@sha256:${HEX}:1`,
  `x@sha512:${HEX}`,
  `x@foo:${HEX}`,
  "a".repeat(248),
  `registry.example/${"a".repeat(256)}`,
  `app:${"t".repeat(129)}`,
];

for (const text of BAD) {
  Deno.test(`normalizeReference() refuses ${JSON.stringify(text)}`, () => {
    assert.throws(() => normalizeReference(text, "option[1]"), (error: unknown) => {
      assert(error instanceof OptionError);
      assert.equal(error.option, "option[1]");
      assert(error.message.includes(`"${text}"`) && error.message.includes("(for example "));
      return true;
    });
  });
}
