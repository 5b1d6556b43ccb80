import assert from "node:assert/strict";
import { hostOfKey, HUB_KEY, isRegistryHost, registryKey } from "../../src/registry/host.ts";

const KEYS: [host: string, key: string][] = [
  ["docker.io", HUB_KEY],
  ["index.docker.io", HUB_KEY],
  ["registry-1.docker.io", HUB_KEY],
  ["registry.example", "registry.example"],
  ["registry.example:5000", "registry.example:5000"],
];

for (const [host, key] of KEYS) {
  Deno.test(`registryKey() of ${host}`, () => assert.equal(registryKey(host), key));
}

const HOSTS: [url: string, host: string][] = [
  ["https://registry.example/v1/", "registry.example"],
  ["http://registry.example:5000", "registry.example:5000"],
  ["registry.example/v2", "registry.example"],
  ["registry.example:5000", "registry.example:5000"],
  ["https://[::1]:5000/v1/", "[::1]:5000"],
];

for (const [url, host] of HOSTS) {
  Deno.test(`hostOfKey() of ${url}`, () => assert.equal(hostOfKey(url), host));
}

const VALID = [
  "localhost",
  "localhost:5000",
  "10.0.0.1:80",
  "[fe80::1]:5000",
  "a_b.example",
  "UP.example",
];
const INVALID = [
  "",
  " a",
  "a\n",
  "a\nb",
  "a\0",
  "a\u007f",
  "a/b",
  "https://a",
  "a:",
  "a:port",
  "a:123456",
  "u@a",
  "::1",
  "a b",
  "ä.example",
];

for (const host of VALID) {
  Deno.test(`isRegistryHost() accepts ${host}`, () => assert.equal(isRegistryHost(host), true));
}
for (const host of INVALID) {
  Deno.test(`isRegistryHost() refuses ${JSON.stringify(host)}`, () => {
    assert.equal(isRegistryHost(host), false);
  });
}
