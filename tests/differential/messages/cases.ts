/** Builds that are asked for in three ways: by buildctl, by `ctl`, and by `build()`. */
import type { BuildOptions } from "../../../src/types.ts";

/** What the cases can refer to. */
export interface Places {
  /** A folder with `Dockerfile` and `a.txt`; the Dockerfile has the stages `first` and `last`. */
  readonly context: string;
  /** A folder for what comes back; empty. */
  readonly out: string;
  readonly registry: string;
  /** A file that holds a secret. */
  readonly secret: string;
  /** A private key for SSH. */
  readonly key: string;
  /** A source policy. */
  readonly policy: string;
  /** An OCI layout's folder, and the digest of its image. */
  readonly layout: string;
  readonly layoutDigest: string;
}

/** One build. */
export interface MessageCase {
  readonly name: string;
  /** After `build --frontend dockerfile.v0 --local context=... --local dockerfile=...`. */
  readonly flags: (places: Places) => string[];
  /** The same for `build()`; without, it is for those alone who take buildctl's flags. */
  readonly options?: (places: Places) => BuildOptions;
  /** The build fails at the daemon, in all ways. */
  readonly fails?: true;
}

const IMAGE = "moat.example/messages:1";

/** A case whose flags are attributes of the frontend alone. */
function opts(name: string, attrs: string[], options?: BuildOptions): MessageCase {
  const flags = () => attrs.flatMap((attr) => ["--opt", attr]);
  return { name, flags, ...(options && { options: () => options }) };
}

function output(
  name: string,
  text: (places: Places) => string,
  options?: (places: Places) => BuildOptions,
): MessageCase {
  return { name, flags: (places) => ["--output", text(places)], ...(options && { options }) };
}

export const CASES: readonly MessageCase[] = [
  { name: "nothing but a context", flags: () => [], options: () => ({}) },
  opts("a target", ["target=first"], { target: "first" }),
  opts("build arguments", ["build-arg:A=1", "build-arg:B=x=y,z"], {
    buildArgs: { A: "1", B: "x=y,z" },
  }),
  opts("an empty build argument", ["build-arg:A="], { buildArgs: { A: "" } }),
  opts("labels", ["label:team=a b", "label:x="], { labels: { team: "a b", x: "" } }),
  opts("a platform", ["platform=linux/arm64"], { platforms: ["linux/arm64"] }),
  opts("several platforms", ["platform=linux/amd64,linux/arm64"], {
    platforms: ["linux/amd64", "linux/arm64"],
  }),
  { name: "no cache", flags: () => ["--no-cache"], options: () => ({ noCache: true }) },
  opts("no cache for stages", ["no-cache=first,last"], { noCacheFilter: ["first", "last"] }),
  opts("pull", ["image-resolve-mode=pull"], { pull: true }),
  opts("hosts", ["add-hosts=db=10.0.0.5,db=10.0.0.6"], {
    addHosts: { db: ["10.0.0.5", "10.0.0.6"] },
  }),
  opts("no network", ["force-network-mode=none"], { network: "none" }),
  opts("shm size", ["shm-size=134217728"], { shmSize: "128m" }),
  opts("ulimits", ["ulimit=nofile=1024:2048"], { ulimits: { nofile: "1024:2048" } }),
  opts("a cgroup", ["cgroup-parent=x"], { cgroupParent: "x" }),
  opts("resources", ["memory=1048576", "cpushares=512", "cpusetcpus=0-1"], {
    resources: { memory: 1_048_576, cpuShares: 512, cpusetCpus: "0-1" },
  }),
  opts("raw attributes", ["hostname=box", "build-arg:BUILDKIT_SANDBOX_HOSTNAME=h"], {
    frontendAttrs: { hostname: "box" },
    buildArgs: { BUILDKIT_SANDBOX_HOSTNAME: "h" },
  }),
  opts("provenance", ["attest:provenance=type=provenance,mode=max"], {
    provenance: "max",
  }),
  opts("provenance in detail", [
    "attest:provenance=type=provenance,builder-id=https://b.example,inline-only=true,mode=max,version=v1",
  ], {
    provenance: {
      mode: "max",
      version: "v1",
      builderId: "https://b.example",
      inlineOnly: true,
    },
  }),
  {
    name: "the builder's network",
    flags: () => ["--opt", "force-network-mode=host", "--allow", "network.host"],
    options: () => ({ network: "host" }),
  },
  opts("the latest time", ["build-arg:SOURCE_DATE_EPOCH=1700000000"], {
    sourceDateEpoch: 1_700_000_000,
  }),
  opts("a named context", [
    "context:first=docker-image://scratch",
    "frontend.caps=moby.buildkit.frontend.contexts+forward",
  ], { contexts: { first: "docker-image://scratch" } }),
  opts("a question to the frontend", ["requestid=frontend.targets"]),
  opts("a question with capabilities", [
    "requestid=frontend.outline",
    "frontend.caps=moby.buildkit.frontend.subrequests",
  ]),
  output("an image", () => `type=image,name=${IMAGE}`, () => ({ tags: [IMAGE] })),
  output("an image without a name", () => "type=image", () => ({ output: "image" })),
  output(
    "an image that is pushed",
    ({ registry }) => `type=image,name=${registry}/messages:1,push=true`,
    ({ registry }) => ({
      tags: [`${registry}/messages:1`],
      output: { type: "image", push: true },
    }),
  ),
  output(
    "an image with two names",
    () => `type=image,"name=${IMAGE},moat.example/messages:2"`,
    () => ({ tags: [IMAGE, "moat.example/messages:2"] }),
  ),
  output(
    "an image with OCI's types and zstd",
    () => "type=image,oci-mediatypes=true,compression=zstd,compression-level=3",
    () => ({
      output: { type: "image", ociMediaTypes: true, compression: "zstd", compressionLevel: 3 },
    }),
  ),
  output(
    "keys in capitals",
    () => "TYPE=image,NAME=moat.example/Messages:1".replace("Mess", "mess"),
  ),
  output(
    "an image with annotations",
    () => "type=image,annotation.team=a,annotation-manifest-descriptor.team=b",
    () => ({
      output: "image",
      annotations: { team: "a", "manifest-descriptor:team": "b" },
    }),
  ),
  output(
    "an image that is unpacked",
    () => `type=image,name=${IMAGE},unpack=true,name-canonical=true`,
    () => ({
      tags: [IMAGE],
      output: { type: "image", unpack: true, nameCanonical: true },
    }),
  ),
  output(
    "an OCI archive",
    ({ out }) => `type=oci,dest=${out}/oci.tar,name=${IMAGE}`,
    ({ out }) => ({ tags: [IMAGE], output: { type: "oci", dest: `${out}/oci.tar` } }),
  ),
  output(
    "an archive for Docker",
    ({ out }) => `type=docker,dest=${out}/docker.tar,name=${IMAGE}`,
    ({ out }) => ({ tags: [IMAGE], output: { type: "docker", dest: `${out}/docker.tar` } }),
  ),
  output(
    "an OCI layout",
    ({ out }) => `type=oci,tar=false,dest=${out}/layout`,
    ({ out }) => ({ output: { type: "oci", tar: false, dest: `${out}/layout` } }),
  ),
  output(
    "a folder",
    ({ out }) => `type=local,dest=${out}/files`,
    ({ out }) => ({ output: { type: "local", dest: `${out}/files` } }),
  ),
  output(
    "a folder with nothing else in it",
    ({ out }) => `type=local,dest=${out}/only,mode=delete,platform-split=true`,
    ({ out }) => ({
      output: { type: "local", dest: `${out}/only`, mode: "delete", platformSplit: true },
    }),
  ),
  output(
    "a tar archive",
    ({ out }) => `type=tar,dest=${out}/files.tar`,
    ({ out }) => ({ output: { type: "tar", dest: `${out}/files.tar` } }),
  ),
  {
    name: "two outputs",
    flags: ({ out }) => ["-o", `type=image,name=${IMAGE}`, "-o", `type=local,dest=${out}/two`],
    options: ({ out }) => ({
      tags: [IMAGE],
      output: ["image", { type: "local", dest: `${out}/two` }],
    }),
  },
  {
    name: "a cache in a registry",
    flags: ({ registry }) => [
      ...["--export-cache", `type=registry,ref=${registry}/messages:cache,mode=max`],
      ...["--import-cache", `type=registry,ref=${registry}/messages:cache`],
    ],
    options: ({ registry }) => ({
      cacheTo: [{ type: "registry", ref: `${registry}/messages:cache`, mode: "max" }],
      cacheFrom: [`${registry}/messages:cache`],
    }),
  },
  {
    name: "caches by their names alone",
    flags: ({ registry }) => [
      ...["--export-cache", `${registry}/messages:old`],
      ...["--import-cache", `${registry}/messages:old`],
    ],
  },
  {
    name: "a cache that is packed otherwise",
    flags: ({ registry }) => [
      "--export-cache",
      `type=registry,ref=${registry}/messages:zstd,mode=max,ignore-error=true,image-manifest=false,` +
      "oci-mediatypes=true,compression=zstd,compression-level=5,force-compression=true",
    ],
    options: ({ registry }) => ({
      cacheTo: [{
        type: "registry",
        ref: `${registry}/messages:zstd`,
        mode: "max",
        ignoreError: true,
        imageManifest: false,
        ociMediaTypes: true,
        compression: "zstd",
        compressionLevel: 5,
        forceCompression: true,
      }],
    }),
  },
  {
    name: "an inline cache",
    flags: () => ["--export-cache", "type=inline,mode=min", "-o", `type=image,name=${IMAGE}`],
    options: () => ({ cacheTo: [{ type: "inline", mode: "min" }], tags: [IMAGE] }),
  },
  {
    name: "a cache in a folder, written",
    flags: ({ out }) => ["--export-cache", `type=local,dest=${out}/cache,mode=min`],
    options: ({ out }) => ({ cacheTo: [{ type: "local", dest: `${out}/cache`, mode: "min" }] }),
  },
  {
    name: "a cache in a folder, read",
    flags: ({ out }) => ["--import-cache", `type=local,src=${out}/cache`],
    options: ({ out }) => ({ cacheFrom: [{ type: "local", src: `${out}/cache` }] }),
  },
  {
    name: "a secret",
    flags: ({ secret }) => ["--secret", `id=s,src=${secret}`],
    options: ({ secret }) => ({ secrets: { s: { file: secret } } }),
  },
  {
    name: "a key for SSH",
    flags: ({ key }) => ["--ssh", `default=${key}`],
    options: ({ key }) => ({ ssh: { default: { keys: [key] } } }),
  },
  {
    name: "a secret and a key",
    flags: ({ secret, key }) => ["--secret", `id=s,src=${secret}`, "--ssh", `id=${key}`],
    options: ({ secret, key }) => ({
      secrets: { s: { file: secret } },
      ssh: { id: { keys: [key] } },
    }),
  },
  {
    name: "a source policy",
    flags: ({ policy }) => ["--source-policy-file", policy],
    options: () => ({
      sourcePolicy: {
        rules: [{
          action: "ALLOW",
          selector: { identifier: "docker-image://*", matchType: "WILDCARD" },
        }],
      },
    }),
  },
  {
    name: "an OCI layout as a context",
    flags: ({ layout, layoutDigest }) => [
      ...["--oci-layout", `base=${layout}`],
      ...["--opt", `context:first=oci-layout://base@${layoutDigest}`],
    ],
  },
  {
    name: "an entitlement",
    flags: () => ["--allow", "network.host"],
    options: () => ({ allow: ["network.host"] }),
  },
  {
    name: "a stage that is not there",
    flags: () => ["--opt", "target=nosuch"],
    options: () => ({ target: "nosuch" }),
    fails: true,
  },
  {
    name: "a proxy for RUN",
    flags: () => ["--proxy-network"],
    options: () => ({ proxyNetwork: true }),
  },
];
