/** The vocabulary of `build()`: its options, its result, its events. */
import type { ProvenanceOptions, SbomOptions } from "./types/attestation.ts";
import type { AuthOption, RegistryTlsOptions } from "./types/auth.ts";
import type { CacheSource, CacheTarget } from "./types/cache.ts";
import type { ContextSource, NamedContext, RemoteContext } from "./types/context.ts";
import type { BuiltResult, ImageOutput, Output } from "./types/output.ts";
import type { PolicyCallback, SourcePolicy } from "./types/policy.ts";
import type { BuildMetadata } from "./types/result.ts";
import type { SecretSource, SshSource } from "./types/secret.ts";
import type { VcsOptions } from "./types/vcs.ts";

export type * from "./types/attestation.ts";
export type * from "./types/auth.ts";
export type * from "./types/cache.ts";
export type * from "./types/context.ts";
export type * from "./types/output.ts";
export type * from "./types/policy.ts";
export type * from "./types/result.ts";
export type * from "./types/secret.ts";
export type * from "./types/vcs.ts";

/** TLS for the connection to the builder. */
export interface TlsOptions {
  /** PEM of the certificate authority, or a path to it. @default the system's authorities */
  ca?: string | Uint8Array;
  /** PEM of the client's certificate. */
  cert?: string | Uint8Array;
  /** PEM of the client's key. */
  key?: string | Uint8Array;
  /** The name to verify and send. @default the address's host */
  serverName?: string;
}

/** Limits for each container of a `RUN`. */
export interface Resources {
  /** Bytes, or with a unit, for example `512m`. */
  memory?: number | string;
  /** Memory and swap together; -1 for no limit. */
  memorySwap?: number | string;
  /** Relative weight. */
  cpuShares?: number;
  /** Microseconds. */
  cpuPeriod?: number;
  /** Microseconds of each period. */
  cpuQuota?: number;
  /** For example `0-3` or `0,1`. */
  cpusetCpus?: string;
  /** Memory nodes to use, for example `0-1`. */
  cpusetMems?: string;
}

/** Options of {@linkcode build}. */
export interface BuildOptions {
  /**
   * The build context: a folder, files in memory, or a list of them laid over each other, later ones on top; or a git
   * repository, or an archive.
   * @default "." unless `dockerfile` is given as content, then no files
   */
  context?: ContextSource | ContextSource[] | RemoteContext;
  /** More contexts, by the names under which the Dockerfile uses them. */
  contexts?: Readonly<Record<string, NamedContext>>;
  /**
   * The Dockerfile: its content, or `{ path }`: a file in a virtual context, else a path from the working directory. For a
   * context that is a URL or a stream, a relative path is a path in it.
   * @default Dockerfile in the context
   */
  dockerfile?: string | { path: string | URL };
  /** Names of the image, for example `registry.example/team/app:1.2`. */
  tags?: string[];
  /** Target platforms, for example `linux/arm64`. Several give an index. @default the builder's own */
  platforms?: string[];
  /** Values of `ARG`s. */
  buildArgs?: Readonly<Record<string, string>>;
  /** Labels of the image. */
  labels?: Readonly<Record<string, string>>;
  /** The stage to build. @default the last one */
  target?: string;
  /** Run every step again. @default false */
  noCache?: boolean;
  /** Run the steps of these stages again. */
  noCacheFilter?: string[];
  /** Look for newer base images. @default false */
  pull?: boolean;
  /** Extra lines for /etc/hosts in `RUN`: host to address, or addresses. A Docker engine knows its own as `host-gateway`. */
  addHosts?: Readonly<Record<string, string | string[]>>;
  /** Network of `RUN`. `host` needs the builder's consent. @default "default" */
  network?: "default" | "host" | "none";
  /** Size of /dev/shm in `RUN`: bytes, or with a unit, for example `128m`. */
  shmSize?: number | string;
  /** Limits in `RUN`: name to `soft` or `soft:hard`, for example `{ nofile: "1024:2048" }`. */
  ulimits?: Readonly<Record<string, string | number>>;
  /** Parent cgroup of `RUN`. */
  cgroupParent?: string;
  /** Limits of memory and CPU in `RUN`; needs BuildKit v0.31. */
  resources?: Resources;
  /** What the build may do beyond its sandbox: `network.host`, `security.insecure`, `device=NAME`. The builder must agree. */
  allow?: string[];
  /** Values for `RUN --mount=type=secret`, by id. They are handed over when a step asks, and are in no image. */
  secrets?: Readonly<Record<string, SecretSource>>;
  /** Show `***` for secrets in what steps print and in errors; docs/secrets.md says in what forms they are found. @default true */
  maskSecrets?: boolean;
  /** What answers `RUN --mount=type=ssh`, by id; `true` is the agent of SSH_AUTH_SOCK under the id `default`. */
  ssh?: true | Readonly<Record<string, SshSource>>;
  /** Caches to take results from. */
  cacheFrom?: CacheSource[];
  /** Caches to leave results in. */
  cacheTo?: CacheTarget[];
  /** Annotations: `key`, or `level[platform]:key`; levels are manifest, index, manifest-descriptor, index-descriptor. */
  annotations?: Readonly<Record<string, string>>;
  /** Record how the result was built, with the image or beside the files. @default false */
  provenance?: boolean | "min" | "max" | ProvenanceOptions;
  /**
   * Add the provenance that the builder has recorded, whether the result has it or not, to the result's `metadata`, as
   * `buildx.build.provenance`. `min` leaves out the build's definition and times. @default not asked for
   */
  metadataProvenance?: "min" | "max";
  /** List what the result consists of. @default false */
  sbom?: boolean | SbomOptions;
  /** Other attestations: type to attributes. */
  attestations?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** The latest time in the result, in seconds since the epoch, for builds that give the same result at any time. */
  sourceDateEpoch?: number | Date;
  /**
   * Record the git revision and source of the context in the provenance, and whether it has changes; or in labels. Git itself
   * is not run. Docker's classic builder has no provenance, and does without. @default false
   */
  vcs?: boolean | VcsOptions;
  /** What sources the build may use: rules, or a function that is asked about each. */
  sourcePolicy?: SourcePolicy | PolicyCallback;
  /** Send what `RUN` loads through a proxy of the builder that records it in the provenance; needs BuildKit v0.31. */
  proxyNetwork?: boolean;
  /** Raw frontend attributes, over what the other options say. */
  frontendAttrs?: Readonly<Record<string, string>>;
  /**
   * What to do with the result. A function is asked when the result is there.
   * @default an image in the builder's store under `tags`; without tags, cache only, but an unnamed image for a Docker engine
   */
  output?:
    | Output
    | Output["type"]
    | Array<Output | Output["type"]>
    | ((result: BuiltResult) => ImageOutput[] | Promise<ImageOutput[]>);
  /** Registry credentials by host, before Docker's config.json. */
  auth?: AuthOption;
  /** TLS for registries' token services, by the registry's host. */
  registryTls?: Readonly<Record<string, RegistryTlsOptions>>;
  /** The builder, for example `tcp://host:port`; all kinds are in docs/docker.md. @default BUILDKIT_HOST, else what there is */
  address?: string;
  /** Certificates and keys for a `tcp://` address. */
  tls?: TlsOptions;
  /** Gets one line for each decision about the builder; `console` will do. Never told a secret. @default none */
  logger?: Logger;
  /**
   * A file for a report of the build, also of one that fails: one HTML page that needs no network. It shows the values of
   * no build argument, but all of the steps' names and output.
   */
  report?: string | URL;
  /** Milliseconds that the whole build may take; it is then canceled and rejects with a `TimeoutError`. @default no limit */
  timeoutMs?: number;
  /**
   * Milliseconds of silence after which the builder counts as gone; the build then rejects with a `ConnectionError`
   * (`CONNECTION_STALLED`). A builder that is well speaks every five seconds, or every 20 under load. `Infinity` for never.
   * @default 60000
   */
  stallTimeoutMs?: number;
  /** Cancels the build; the returned promise then rejects with the signal's reason. */
  signal?: AbortSignal;
}

/** Takes lines of text; `console` is one. */
export interface Logger {
  /** What was looked at, found and decided. */
  debug?(line: string): void;
  /** What the user should know although the build goes on. */
  warn?(line: string): void;
}

/** The builder asked for something that not every build gives: a login, for example, or a folder that it has no business with. */
export interface AccessEvent {
  /** Tells the event's kind. */
  readonly type: "access";
  /** Whether it got it. */
  readonly state: "granted" | "refused";
  /** What it asked for, for people, for example `the login of registry.example`. One line. */
  readonly asked: string;
}

/** Who builds. */
export interface BuilderInfo {
  /** A BuildKit daemon of its own, the BuildKit in a Docker engine, or the engine's classic builder. */
  readonly kind: "standalone" | "embedded" | "classic";
  /** For example `tcp://buildkit:1234`. */
  readonly address: string;
  /** What chose it, for example `BUILDKIT_HOST`. */
  readonly from: string;
}

/** What a build made. */
export interface BuildResult {
  /** The build's id on the daemon. */
  readonly ref: string;
  /** Digest of the image's manifest or index; undefined without an image output. */
  readonly digest: string | undefined;
  /** Digest of the image's config where there is one image, else `digest`. */
  readonly imageId: string | undefined;
  /** The image's names. */
  readonly names: readonly string[];
  /** One entry for each output asked for, in that order. */
  readonly outputs: readonly OutputResult[];
  /** Who built it. */
  readonly builder: BuilderInfo;
  /** Everything the daemon said about the result, JSON values decoded. */
  readonly metadata: BuildMetadata;
  /** What the builder asked for of the context and of the Dockerfile's folder; what it had before it did not ask for. */
  readonly transfers: readonly Transfer[];
  /** Milliseconds from the call to the result. */
  readonly durationMs: number;
}

/** What the builder asked for of one of the build's folders. */
export interface Transfer {
  /** `context`, `dockerfile`, a named context's name; with that and a slash before it for a build within the build. */
  readonly name: string;
  /** Entries that were listed to it: all that its filters and the ignore file leave. */
  readonly entries: number;
  /** Files that it asked for. */
  readonly files: number;
  /** Bytes of their content. */
  readonly bytes: number;
}

/** What became of one output. */
export interface OutputResult {
  /** The output's type. */
  readonly type: Output["type"];
  /** Where it was written, for outputs that end up on this machine; `stream` for a stream, an engine's address if loaded. */
  readonly dest?: string;
  /** Bytes of file content received; for `image`, of the compressed image in the builder's store, where it tells. */
  readonly bytes?: number;
  /** Entries received, for `local`. */
  readonly entries?: number;
  /** Set where `dest` is an OCI layout, a folder. */
  readonly layout?: true;
}
