/** The vocabulary of `build()`: its options, its result, its events. */
import type { Credentials } from "./registry/credentials.ts";

/** File content given in code. A stream is read to its end before the build starts. */
export type VirtualContent =
  | string
  | Uint8Array
  | ReadableStream<Uint8Array>
  | AsyncIterable<Uint8Array>;

/** A file that is not on disk. */
export type VirtualFile =
  | VirtualContent
  | {
    content: VirtualContent;
    /** Permission bits. @default 0o644 */
    mode?: number;
    /** Modification time; images keep its seconds. @default the epoch, so that equal content gives equal images */
    mtime?: Date;
  }
  | {
    /** Makes a symbolic link with this target. */
    symlink: string;
  };

/** Virtual files by path, relative to the context's root and `/`-separated. A path ending in `/` is an empty directory. */
export type VirtualFiles = { readonly [path: string]: VirtualFile };

/** A folder, or files in memory. */
export type ContextSource = string | URL | VirtualFiles;

/** What to do with the result. */
export type Output =
  | ImageOutput
  | ArchiveOutput
  | LoadOutput
  | LocalOutput
  | { type: "cacheonly" };

/** Raw attributes for the exporter, over what the typed options say. */
export interface OutputAttrs {
  attrs?: Readonly<Record<string, string>>;
}

/** An image in the builder's store (for a Docker engine's own builders that is the engine's) or a registry. */
export interface ImageOutput extends OutputAttrs {
  type: "image";
  /** Names instead of the build's `tags`. */
  names?: string[];
  /** Push to the registries that the names say. @default false */
  push?: boolean;
  /** Allow plain HTTP and unverified TLS to the registry. @default false */
  insecure?: boolean;
}

/** An image or its root filesystem as one tar stream. */
export interface ArchiveOutput extends OutputAttrs {
  /** `oci` and `docker` are images, `tar` is the bare root filesystem. */
  type: "oci" | "docker" | "tar";
  /** A file's path, or a stream that is written to and closed. */
  dest: string | URL | WritableStream<Uint8Array>;
  /** Names instead of the build's `tags`. Not for `tar`. */
  names?: string[];
}

/** An image in a Docker engine's store, whichever builder made it. */
export interface LoadOutput extends OutputAttrs {
  type: "docker";
  /** The archive streams from the builder into the engine; nothing is kept on the way. */
  load: true;
  /** Names instead of the build's `tags`. */
  names?: string[];
}

/** The result's root filesystem in a local folder. */
export interface LocalOutput extends OutputAttrs {
  type: "local";
  /** The folder; made if missing. Nothing is ever written outside it. */
  dest: string | URL;
}

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

/** Options of {@linkcode build}. */
export interface BuildOptions {
  /**
   * The build context: a folder, files in memory, or a list of them laid over each other, later ones on top.
   * @default "." unless `dockerfile` is given as content, then no files
   */
  context?: ContextSource | ContextSource[];
  /**
   * The Dockerfile: its content, or `{ path }`: a file in a virtual context, else a path from the working directory.
   * @default Dockerfile in the context
   */
  dockerfile?: string | { path: string | URL };
  /** Names of the image, for example `registry.example/team/app:1.2`. */
  tags?: string[];
  /** Target platforms, for example `linux/arm64`. Several give an index. @default the builder's own */
  platforms?: string[];
  /** Values of `ARG`s. */
  buildArgs?: Readonly<Record<string, string>>;
  labels?: Readonly<Record<string, string>>;
  /** The stage to build. @default the last one */
  target?: string;
  /** Run every step again. @default false */
  noCache?: boolean;
  /** Run the steps of these stages again. */
  noCacheFilter?: string[];
  /** Look for newer base images. @default false */
  pull?: boolean;
  /** Extra lines for /etc/hosts in `RUN`: host to address, or addresses. */
  addHosts?: Readonly<Record<string, string | string[]>>;
  /** Network of `RUN`. `host` needs the builder's consent. @default "default" */
  network?: "default" | "host" | "none";
  /** Size of /dev/shm in `RUN`: bytes, or with a unit, for example `128m`. */
  shmSize?: number | string;
  /** Limits in `RUN`: name to `soft` or `soft:hard`, for example `{ nofile: "1024:2048" }`. */
  ulimits?: Readonly<Record<string, string | number>>;
  /** Parent cgroup of `RUN`. */
  cgroupParent?: string;
  /** Raw frontend attributes, over what the other options say. */
  frontendAttrs?: Readonly<Record<string, string>>;
  /**
   * What to do with the result.
   * @default an image in the builder's store under `tags`; without tags, cache only, but an unnamed image for a Docker engine
   */
  output?: Output | Output["type"] | Array<Output | Output["type"]>;
  /** Registry credentials by host, before Docker's config.json. */
  auth?: Readonly<Record<string, Credentials>>;
  /** The builder, for example `tcp://host:port`; all kinds are in docs/docker.md. @default BUILDKIT_HOST, else what there is */
  address?: string;
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
  readonly metadata: Readonly<Record<string, unknown>>;
  /** What the builder asked for of the context and of the Dockerfile's folder; what it had before it did not ask for. */
  readonly transfers: readonly Transfer[];
  /** Milliseconds from the call to the result. */
  readonly durationMs: number;
}

/** What the builder asked for of one of the build's folders. */
export interface Transfer {
  /** `context` or `dockerfile`. */
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
  readonly type: Output["type"];
  /** Where it was written, for outputs that end up on this machine; `stream` for a stream, an engine's address if loaded. */
  readonly dest?: string;
  /** Bytes of file content received; for `image`, of the compressed image in the builder's store, where it tells. */
  readonly bytes?: number;
  /** Entries received, for `local`. */
  readonly entries?: number;
}
