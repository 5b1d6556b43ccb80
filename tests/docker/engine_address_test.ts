import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { engineAddresses } from "../../src/docker/engine_address.ts";
import { EngineError } from "../../src/errors.ts";
import { type TempFolder, tempFolder } from "../support/temp_folder.ts";

type Variables = Record<string, string>;

const look = (variables: Variables) =>
  engineAddresses((name) => variables[name]).map(({ address, from, named }) =>
    `${address.text} by ${from}${named ? ", named" : ""}`
  );

const HOSTS: Array<[host: string, address: object]> = [
  ["unix:///x/docker.sock", { scheme: "unix", path: "/x/docker.sock" }],
  ["tcp://docker:1234", { scheme: "tcp", host: "docker", port: 1234 }],
  ["tcp://docker", { scheme: "tcp", host: "docker", port: 2375 }],
  ["tcp://docker:1234/", { scheme: "tcp", host: "docker", port: 1234 }],
  ["tcp://[::1]:1234", { scheme: "tcp", host: "::1", port: 1234 }],
  ["docker:1234", { scheme: "tcp", host: "docker", port: 1234 }],
  ["ssh://host", {
    ...{ scheme: "ssh", user: undefined, host: "host", port: undefined },
    socket: "/var/run/docker.sock",
  }],
  ["ssh://me@host:22/x.sock", {
    scheme: "ssh",
    user: "me",
    host: "host",
    port: 22,
    socket: "/x.sock",
  }],
];

for (const [host, expected] of HOSTS) {
  Deno.test(`engineAddresses() reads DOCKER_HOST=${host}`, () => {
    const [at, ...more] = engineAddresses((name) => name === "DOCKER_HOST" ? host : undefined);
    assert.deepEqual(more, []);
    const { text: _text, ...address } = at!.address;
    assert.deepEqual(address, expected);
    assert.equal(at!.named, true);
  });
}

for (
  const host of [
    "npipe:////./pipe/docker",
    "tcp://a b",
    "ssh://u:p@host",
    "ssh://-oProxy=x",
    "unix://x",
  ]
) {
  Deno.test(`engineAddresses() refuses DOCKER_HOST=${host}`, () => {
    assert.throws(() => look({ DOCKER_HOST: host }), (error) => {
      assert(error instanceof EngineError, String(error));
      assert.match(error.message, /^Cannot use the Docker engine of DOCKER_HOST: /);
      return true;
    });
  });
}

Deno.test("engineAddresses() without anything set gives the usual sockets", () => {
  assert.deepEqual(look({ HOME: "/home/me", XDG_RUNTIME_DIR: "/run/user/1" }), [
    "unix:///var/run/docker.sock by default socket",
    "unix:///run/user/1/docker.sock by default socket",
    "unix:///home/me/.docker/run/docker.sock by default socket",
    "unix:///home/me/.docker/desktop/docker.sock by default socket",
    "unix:///home/me/.colima/default/docker.sock by default socket",
  ]);
  assert.deepEqual(look({}), ["unix:///var/run/docker.sock by default socket"]);
});

/** A configuration folder with one context. */
function configuration(name: string, endpoint: object, config: object = {}): TempFolder {
  const folder = tempFolder();
  const id = createHash("sha256").update(name).digest("hex");
  const meta = join(folder.path, "contexts/meta", id);
  const tls = join(folder.path, "contexts/tls", id, "docker");
  mkdirSync(meta, { recursive: true });
  mkdirSync(tls, { recursive: true });
  writeFileSync(
    join(meta, "meta.json"),
    JSON.stringify({ Name: name, Metadata: {}, Endpoints: { docker: endpoint } }),
  );
  for (const part of ["ca", "cert", "key"]) writeFileSync(join(tls, `${part}.pem`), part);
  writeFileSync(join(folder.path, "config.json"), JSON.stringify(config));
  return folder;
}

const ENDPOINT = { Host: "tcp://far:2376", SkipTLSVerify: false };

Deno.test("engineAddresses() takes the current context, with its TLS files", async () => {
  await using folder = configuration("work", ENDPOINT, { currentContext: "work" });
  const [at, ...more] = engineAddresses((name) => ({ DOCKER_CONFIG: folder.path })[name]);
  assert.deepEqual(more, []);
  assert.equal(at!.address.text, "tcp://far:2376");
  assert.equal(at!.from, 'docker context "work"');
  assert.deepEqual(
    Object.entries(at!.tls!).map(([key, pem]) =>
      `${key}: ${new TextDecoder().decode(pem as Uint8Array)}`
    ),
    ["ca: ca", "cert: cert", "key: key"],
  );
});

const ORDER: Array<[what: string, config: object, variables: Variables, expected: string]> = [
  [
    "DOCKER_CONTEXT before config.json",
    { currentContext: "other" },
    { DOCKER_CONTEXT: "work" },
    "tcp://far:2376",
  ],
  ["DOCKER_HOST before all contexts", { currentContext: "work" }, {
    DOCKER_HOST: "unix:///x",
    DOCKER_CONTEXT: "work",
  }, "unix:///x"],
  ["the usual sockets for the default context", { currentContext: "work" }, {
    DOCKER_CONTEXT: "default",
  }, "unix:///var/run/docker.sock"],
  ["the usual sockets without a current context", {}, {}, "unix:///var/run/docker.sock"],
];

for (const [what, config, variables, expected] of ORDER) {
  Deno.test(`engineAddresses() takes ${what}`, async () => {
    await using folder = configuration("work", ENDPOINT, config);
    assert.equal(look({ ...variables, DOCKER_CONFIG: folder.path })[0]!.split(" ")[0], expected);
  });
}

Deno.test("engineAddresses() names a context that is not there, and who asked for it", async () => {
  await using folder = configuration("work", ENDPOINT, { currentContext: "gone" });
  assert.throws(
    () => look({ DOCKER_CONFIG: folder.path }),
    /docker context "gone" \(from config\.json\) is not in /,
  );
});

Deno.test("engineAddresses() reads DOCKER_TLS_VERIFY and DOCKER_CERT_PATH", async () => {
  await using folder = tempFolder();
  writeFileSync(join(folder.path, "ca.pem"), "authority");
  const variables: Variables = {
    DOCKER_HOST: "tcp://docker",
    DOCKER_TLS_VERIFY: "1",
    DOCKER_CERT_PATH: folder.path,
  };
  const [at] = engineAddresses((name) => variables[name]);
  assert.equal(at!.address.scheme === "tcp" && at!.address.port, 2376);
  assert.equal(new TextDecoder().decode(at!.tls!.ca), "authority");
  assert.equal(at!.tls!.cert, undefined);
});
