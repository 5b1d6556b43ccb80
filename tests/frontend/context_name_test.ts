import assert from "node:assert/strict";
import { OptionError } from "../../src/errors.ts";
import { contextName } from "../../src/frontend/context_name.ts";

const GOOD: [text: string, name: string][] = [
  ["src", "src"],
  ["alpine", "alpine"],
  ["alpine:latest", "alpine"],
  ["alpine:3", "alpine:3"],
  ["docker.io/library/alpine:latest", "alpine"],
  ["docker.io/team/app", "team/app"],
  ["library/alpine", "alpine"],
  ["registry.example/app:latest", "registry.example/app"],
  ["registry.example/library/app", "registry.example/library/app"],
  ["localhost:5000/app", "localhost:5000/app"],
];

for (const [text, name] of GOOD) {
  Deno.test(`contextName() makes ${name} of ${text}`, () => {
    assert.equal(contextName(text, "x"), name);
  });
}

for (const text of ["", "Src", "a b", "a::linux/amd64", "-a"]) {
  Deno.test(`contextName() refuses "${text}"`, () => {
    assert.throws(() => contextName(text, "x"), OptionError);
  });
}
