import assert from "node:assert/strict";
import { namedHosts } from "../../src/session/named_hosts.ts";

const HOST = "registry.example:5000";

const CASES: readonly [
  dockerfile: string | undefined,
  others: string[],
  host: string,
  named: boolean,
][] = [
  ["FROM alpine", [], HOST, false],
  [`FROM ${HOST}/app`, [], HOST, true],
  [`FROM --platform=$BUILDPLATFORM ${HOST}/app`, [], HOST, true],
  ["FROM --platform=$BUILDPLATFORM alpine", [], HOST, false],
  ["FROM alpine:$VERSION", [], HOST, false],
  ["FROM registry.example/app", [], HOST, false],
  [`FROM ${HOST}0/app`, [], HOST, false],
  [`FROM ${HOST}/app`, [], "registry.example", false],
  ["FROM registry.example/app", [], "registry.example", true],
  ["FROM registry.example/app:$VERSION", [], HOST, false],
  ["FROM registry.example.org/app", [], "registry.example", false],
  ["FROM a.registry.example/app", [], "registry.example", false],
  ["FROM a-registry.example/app", [], "registry.example", false],
  ["FROM alpine\nCOPY --from=registry.example/app / /", [], "registry.example", true],
  ["FROM alpine\nRUN --mount=from=registry.example/a true", [], "registry.example", true],
  ["ARG BASE=registry.example/a\nFROM $BASE", [], "registry.example", true],
  ["ARG BASE\nFROM $BASE", ["build-arg:BASE=registry.example/a"], "registry.example", true],
  ["ARG BASE\nFROM ${BASE}", ["build-arg:BASE=other.example/a"], "registry.example", false],
  ["ARG REGION\nFROM 1.ecr.$REGION.example/a", ["build-arg:REGION=eu"], HOST, true],
  ["ARG R=1.ecr.$REGION.example\nFROM $R/a", [], HOST, true],
  ["FROM ${BASE:-alpine}", [], HOST, true],
  ["FROM alpine", ["name=registry.example/app:1"], "registry.example", true],
  ["FROM alpine", ["ref=registry.example/cache,mode=max"], "registry.example", true],
  ["# syntax=docker/dockerfile:1\nFROM alpine", [], HOST, false],
  ["# syntax=my.example/frontend\nFROM alpine", [], HOST, true],
  ["FROM alpine", ["build-arg:BUILDKIT_SYNTAX=my.example/f"], HOST, true],
  [undefined, [], HOST, true],
];

for (const [dockerfile, others, host, named] of CASES) {
  const what = JSON.stringify([dockerfile ?? "?", ...others]);
  Deno.test(`namedHosts() says ${named} for ${host} in ${what}`, () => {
    assert.equal(namedHosts({ dockerfile, others })(host), named);
  });
}
