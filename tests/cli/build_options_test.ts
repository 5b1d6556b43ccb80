import assert from "node:assert/strict";
import { BUILD_FLAGS, REFUSED_FLAGS } from "../../src/cli/build_flags.ts";
import { buildOptions } from "../../src/cli/build_options.ts";
import { parseFlags } from "../../src/cli/flags.ts";
import { UsageError } from "../../src/cli/usage_error.ts";
import type { BuildOptions } from "../../src/types.ts";
import { fakeIo, type FakeIoOptions } from "./fake_io.ts";

/** The options of `build ARGV .`; words are cut at blanks. */
async function optionsOf(argv: string, given: FakeIoOptions = {}): Promise<BuildOptions> {
  const io = { ...given, env: { BUILDX_NO_DEFAULT_ATTESTATIONS: "1", ...given.env } };
  const words = argv.split(" ").filter((word) => word !== "");
  return await buildOptions(parseFlags(BUILD_FLAGS, words, REFUSED_FLAGS), fakeIo(io));
}

const GOOD: [argv: string, options: BuildOptions][] = [
  [".", { context: "." }],
  ["deploy/app", { context: "deploy/app" }],
  ["-f deploy/Dockerfile .", { context: ".", dockerfile: { path: "deploy/Dockerfile" } }],
  ["--build-context src=../src --build-context base=docker-image://a:1 --build-context src=x=y .", {
    context: ".",
    contexts: { src: "x=y", base: "docker-image://a:1" },
  }],
  ["https://example.com/a.git#main", { context: "https://example.com/a.git#main" }],
  ["-t a -t b:1 .", { context: ".", tags: ["a", "b:1"] }],
  ["--target app .", { context: ".", target: "app" }],
  ["--platform linux/amd64,linux/arm64 --platform linux/s390x .", {
    context: ".",
    platforms: ["linux/amd64", "linux/arm64", "linux/s390x"],
  }],
  ["--build-arg A=1 --build-arg B=x=y --build-arg C= .", {
    context: ".",
    buildArgs: { A: "1", B: "x=y", C: "" },
  }],
  ["--build-arg A=1 --build-arg A=2 .", { context: ".", buildArgs: { A: "2" } }],
  ["--build-arg FROM_ENV --build-arg UNSET .", { context: ".", buildArgs: { FROM_ENV: "env" } }],
  ["--build-arg __proto__=x .", {
    context: ".",
    buildArgs: Object.fromEntries([["__proto__", "x"]]),
  }],
  ["--label a=b --label alone .", { context: ".", labels: { a: "b", alone: "" } }],
  ["--no-cache .", { context: ".", noCache: true }],
  ["--no-cache=false .", { context: "." }],
  ["--no-cache-filter a,b --no-cache-filter c .", { context: ".", noCacheFilter: ["a", "b", "c"] }],
  ["--pull .", { context: ".", pull: true }],
  ["--add-host db=10.0.0.5 --add-host db:10.0.0.6 --add-host six=[::1] --add-host seven:::1 .", {
    context: ".",
    addHosts: { db: ["10.0.0.5", "10.0.0.6"], six: ["::1"], seven: ["::1"] },
  }],
  ["--network none .", { context: ".", network: "none" }],
  ["--shm-size 128m .", { context: ".", shmSize: "128m" }],
  ["--ulimit nofile=1024:2048 --ulimit core=-1 .", {
    context: ".",
    ulimits: { nofile: "1024:2048", core: "-1" },
  }],
  ["--cgroup-parent /x .", { context: ".", cgroupParent: "/x" }],
  ["--build-timeout 90 .", { context: ".", timeoutMs: 90_000 }],
  ["--stall-timeout 7.5 .", { context: ".", stallTimeoutMs: 7_500 }],
  ["--opt build-arg:A=1 --opt no-cache= .", {
    context: ".",
    frontendAttrs: { "build-arg:A": "1", "no-cache": "" },
  }],
  ["--registry-auth-tlscontext host=r:5000,insecure=true .", {
    context: ".",
    registryTls: { "r:5000": { insecure: true } },
  }],
  ["--addr tcp://b:1 .", { context: ".", address: "tcp://b:1" }],
  ["--tlscacert ca --tlscert cert --tlskey key --tlsservername b .", {
    context: ".",
    tls: { ca: "ca", cert: "cert", key: "key", serverName: "b" },
  }],
  ["--tlscacert ca .", { context: ".", tls: { ca: "ca" } }],
  ["--push .", { context: ".", output: [{ type: "image", push: true, unpack: false }] }],
  ["--add-host a=10.0.0.1,[::1] --add-host b=host-gateway .", {
    context: ".",
    addHosts: { a: ["10.0.0.1", "::1"], b: ["host-gateway"] },
  }],
  ["--resource memory=2g --resource cpu-quota=50000 .", {
    context: ".",
    resources: { memory: "2g", cpuQuota: 50_000 },
  }],
  ["--allow network.host --allow device=a.b/c=d --allow buildx.local.delete .", {
    context: ".",
    allow: ["network.host", "device=a.b/c=d"],
  }],
  ["--proxy-network .", { context: ".", proxyNetwork: true }],
  ["--annotation a=b=c --annotation index,manifest:d= .", {
    context: ".",
    annotations: { a: "b=c", "index,manifest:d": "" },
  }],
  ["--attest type=sbom,generator=x --provenance mode=max .", {
    context: ".",
    attestations: { sbom: { generator: "x" }, provenance: { mode: "max" } },
  }],
];

for (const [argv, options] of GOOD) {
  Deno.test(`buildOptions() reads ${argv}`, async () => {
    assert.deepEqual(await optionsOf(argv, { env: { FROM_ENV: "env" } }), options);
  });
}

Deno.test("buildOptions() reads the Dockerfile from stdin", async () => {
  const options = await optionsOf("-f - .", { stdin: "FROM scratch\n" });
  assert.deepEqual(options, { context: ".", dockerfile: "FROM scratch\n" });
});

for (
  const [argv, dest] of [
    ["-o type=local,dest=below/it,mode=delete", "below/it"],
    ["-o type=local,dest=/tmp/x,mode=delete --allow buildx.local.delete", "/tmp/x"],
  ] as const
) {
  Deno.test(`buildOptions() lets ${argv} remove files`, async () => {
    const { output } = await optionsOf(`${argv} .`);
    assert.deepEqual(output, [{ type: "local", dest, mode: "delete" }]);
  });
}

const EPOCHS: [argv: string, env: Record<string, string>, buildArgs: object | undefined][] = [
  [".", { SOURCE_DATE_EPOCH: "17" }, { SOURCE_DATE_EPOCH: "17" }],
  [".", { SOURCE_DATE_EPOCH: "" }, undefined],
  ["--build-arg SOURCE_DATE_EPOCH=5 .", { SOURCE_DATE_EPOCH: "17" }, { SOURCE_DATE_EPOCH: "5" }],
];

for (const [argv, env, buildArgs] of EPOCHS) {
  Deno.test(`buildOptions() takes ${JSON.stringify(env)} for ${argv}`, async () => {
    assert.deepEqual((await optionsOf(argv, { env })).buildArgs, buildArgs);
  });
}

const OUTPUTS: [argv: string, output: BuildOptions["output"]][] = [
  ["-o out", [{ type: "local", dest: "out" }]],
  ["-o a=b", [{ type: "local", dest: "a=b" }]],
  ["-o type=local,dest=out,privileged=true", [{ type: "local", dest: "out", privileged: true }]],
  ["-o type=local,dest=out,platform-split=false", [{
    type: "local",
    dest: "out",
    platformSplit: false,
  }]],
  ["-o type=local,dest=out,mode=Delete", [{ type: "local", dest: "out", mode: "delete" }]],
  ["-o type=local,dest=out,mode=other", [{ type: "local", dest: "out", attrs: { mode: "other" } }]],
  ["-o type=tar,dest=x.tar", [{ type: "tar", dest: "x.tar" }]],
  ["-o type=oci,dest=x.tar,name=a,compression=zstd", [{
    type: "oci",
    dest: "x.tar",
    names: ["a"],
    compression: "zstd",
  }]],
  [
    "-o type=image,compression=estargz,compression-level=9,force-compression=,oci-mediatypes=1,oci-artifact=0,rewrite-timestamp=true",
    [{
      type: "image",
      compression: "estargz",
      compressionLevel: 9,
      forceCompression: true,
      ociMediaTypes: true,
      ociArtifact: false,
      rewriteTimestamp: true,
    }],
  ],
  [
    "-o type=image,push-by-digest=true,store=false,unpack=true,name-canonical=true,dangling-name-prefix=x",
    [{
      type: "image",
      unpack: true,
      pushByDigest: true,
      store: false,
      nameCanonical: true,
      danglingNamePrefix: "x",
    }],
  ],
  ["-o type=image,compression=nydus,annotation.a=b,store=0", [{
    type: "image",
    store: false,
    attrs: { compression: "nydus", "annotation.a": "b" },
  }]],
  ["-o type=oci,dest=x.tar,tar=true", [{ type: "oci", dest: "x.tar" }]],
  ["-o type=oci,dest=x,tar=false", [{ type: "oci", tar: false, dest: "x" }]],
  ["-o type=docker,dest=x,tar=0,name=a", [{
    type: "docker",
    tar: false,
    dest: "x",
    names: ["a"],
  }]],
  ["-o type=docker,dest=x.tar", [{ type: "docker", dest: "x.tar" }]],
  ["-o type=docker", [{ type: "docker", load: true }]],
  ["-o type=docker,name=a", [{ type: "docker", load: true, names: ["a"] }]],
  ["--load", [{ type: "docker", load: true }]],
  ["--load -o out", [{ type: "local", dest: "out" }, { type: "docker", load: true }]],
  ["--load -o type=docker,name=a", [{ type: "docker", load: true, names: ["a"] }]],
  ["-o type=image", [{ type: "image" }]],
  ['-o type=image,"name=a,b:1",push=true,registry.insecure=1', [{
    type: "image",
    names: ["a", "b:1"],
    push: true,
    insecure: true,
  }]],
  ["-o type=image,name=", [{ type: "image" }]],
  ["-o TYPE=image,Name=a", [{ type: "image", names: ["a"] }]],
  ["-o type=registry,name=a", [{ type: "image", names: ["a"], push: true, unpack: false }]],
  ["-o type=registry,push=false", [{ type: "image", push: false, unpack: false }]],
  ["-o type=registry,unpack=true", [{ type: "image", push: true, unpack: true }]],
  ["-o type=cacheonly", [{ type: "cacheonly" }]],
  ["-o out -o type=image", [{ type: "local", dest: "out" }, { type: "image" }]],
  ["-o out --push", [
    { type: "local", dest: "out" },
    { type: "image", push: true, unpack: false },
  ]],
  ["-o type=image,name=a --push", [{ type: "image", names: ["a"], push: true, unpack: false }]],
];

for (const [argv, output] of OUTPUTS) {
  Deno.test(`buildOptions() reads ${argv}`, async () => {
    assert.deepEqual((await optionsOf(`${argv} .`)).output, output);
  });
}

for (
  const [argv, type] of [["-o -", "tar"], ["-o type=tar", "tar"], ["-o type=oci,dest=-", "oci"]]
) {
  Deno.test(`buildOptions() opens stdout for ${argv}`, async () => {
    const output = (await optionsOf(`${argv} .`)).output;
    assert(Array.isArray(output) && typeof output[0] === "object" && "dest" in output[0]);
    assert.equal(output[0].type, type);
    assert(output[0].dest instanceof WritableStream);
  });
}

const BAD: [argv: string, message: RegExp, io?: FakeIoOptions][] = [
  ["", /^build needs the context: a folder, a URL, or - for stdin$/],
  [". x", /^build takes one path, but got 2: \. x$/],
  ["- -f -", /^stdin can't be both the context and the Dockerfile$/],
  ["-", /^stdin is empty$/],
  ["-", /^stdin is a terminal, and nothing is piped in$/, { terminal: true }],
  ["-f - .", /^stdin is a terminal, and nothing is piped in$/, { terminal: true }],
  ["-f x -", /^stdin is no archive but a Dockerfile, and so is -f x$/, { stdin: "FROM x" }],
  ["-", /^stdin is neither a tar archive nor a Dockerfile$/, { stdin: "PK\x03\x04\0\0" }],
  ["--build-context x .", /^--build-context "x" is not NAME=VALUE$/],
  ["--build-context =x .", /^--build-context "=x" is not NAME=VALUE$/],
  ["--build-context x= .", /^--build-context "x=" is not NAME=VALUE$/],
  ["--build-arg =x .", /^--build-arg "=x" has no key$/],
  ["--label =x .", /^--label "=x" has no key$/],
  ["--opt key .", /^--opt "key" has no value$/],
  ["--add-host db .", /^--add-host "db" is not a host and its address$/],
  ["--add-host db= .", /^--add-host "db=" is not/],
  ["--network bridge .", /^--network "bridge" is not a mode$/],
  ["--ulimit nofile .", /^--ulimit "nofile" is not a name and its limits$/],
  ["--ulimit nofile=a .", /^--ulimit "nofile=a" is not/],
  ["--tlsservername b .", /^--tlsservername alone does not turn TLS on$/],
  ["--tlsdir x --tlskey key .", /^--tlsdir cannot be combined with/],
  ["--tlsdir /nowhere .", /^--tlsdir "\/nowhere" has neither ca\.pem nor ca\.crt$/],
  ["--timeout x .", /^--timeout "x" is not a number of seconds$/],
  ["--timeout 0 .", /^--timeout "0" is not/],
  ["--build-timeout x .", /^--build-timeout "x" is not a number of seconds$/],
  ["--stall-timeout -1 .", /^--stall-timeout needs a value|^--stall-timeout "-1" is not/],
  ["--output= .", /^--output is empty$/],
  ["-o type=foo .", /^--output "type=foo" has the unknown type "foo"$/],
  ["-o name=foo,push=true .", /^--output "name=foo,push=true" has no type$/],
  ["-o type=image,name=a,b .", /^--output "type=image,name=a,b": "b" is not KEY=VALUE$/],
  ["-o type=image,dest=x .", /^--output "type=image,dest=x": type image takes no dest$/],
  ["-o type=image,push=maybe .", /push is true or false, not "maybe"$/],
  ["-o type=local .", /^--output "type=local" has no dest$/],
  ["-o type=oci,tar=false .", /^--output "type=oci,tar=false" has no folder as dest$/],
  ["-o type=docker,tar=false,dest=- .", /has no folder as dest$/],
  ["-o type=oci,dest= .", /dest is empty$/],
  ["-o - -o type=oci .", /^only one --output can go to stdout$/],
  ["-o - .", /^--output "-" would write an archive to the terminal$/, { terminal: true }],
  ["-o type=image,compression-level=x .", /compression-level is a whole number, not "x"$/],
  ["-o type=image,store=maybe .", /store is true or false, not "maybe"$/],
  ["-o type=local,dest=/,mode=delete .", /would remove what else is in "\/", which is not below/],
  ["-o type=local,dest=.,mode=delete .", /would remove what else is in "\."/],
  ["-o type=local,dest=../x,mode=delete .", /would remove what else is in "\.\.\/x"/],
  ["--resource memory .", /^--resource "memory" has no value$/],
  ["--resource mem=1 .", /^--resource "mem=1": "mem" is not a limit$/],
  ["--resource cpu-shares=1.5 .", /^--resource "cpu-shares=1\.5": cpu-shares is a whole number/],
  ["--allow buildx.local.delete=x .", /^--allow buildx\.local\.delete takes no value$/],
  ["--annotation a .", /^--annotation "a" has no value$/],
  ["--attest mode=max .", /^--attest "mode=max" has no type$/],
  ["--memory 1g .", /^--memory is given as --resource memory=VALUE$/],
  ...Object.keys(REFUSED_FLAGS).map((name): [string, RegExp] => [
    `--${name} x .`,
    new RegExp(
      `^--${name} (is not supported|is given as --resource|belongs to Docker's classic builder)`,
    ),
  ]),
];

for (const [argv, message, io] of BAD) {
  Deno.test(`buildOptions() refuses "${argv}"`, async () => {
    await assert.rejects(optionsOf(argv, io), (error: unknown) => {
      assert(error instanceof UsageError, String(error));
      assert.match(error.message, message);
      return true;
    });
  });
}
