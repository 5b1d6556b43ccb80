/** What a build reads. */
import type { BuildOptions } from "../types.ts";

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

/**
 * A context that this machine does not hold as files: a git repository's URL (`https://host/repo.git#ref:folder`,
 * `git@host:repo.git`), which the builder clones, an archive's `http(s)` URL, which it fetches, or a tar archive as a stream,
 * plain or compressed with gzip, bzip2 or xz, or zstd where the builder is BuildKit v0.34 or newer. A stream is sent as it is and
 * as fast as the builder takes it; it serves one build, and is canceled if that ends before it.
 */
export type RemoteContext = string | URL | ReadableStream<Uint8Array>;

/**
 * A context with a name, for `FROM name`, `COPY --from=name` and `RUN --mount=from=name`. A string is
 * `docker-image://REF`, a git or `http(s)` URL, `oci-layout://FOLDER[:TAG|@DIGEST]`, or a folder's path. `{ build }` is the
 * result of another build, which runs as part of this one. What another URL gives is a single file with the name `context`.
 */
export type NamedContext =
  | string
  | URL
  | VirtualFiles
  | { build: Pick<BuildOptions, InnerOptions> };

/** What a build within a build may say. */
export type InnerOptions =
  | "context"
  | "dockerfile"
  | "target"
  | "platforms"
  | "buildArgs"
  | "labels"
  | "noCache"
  | "pull"
  | "network"
  | "frontendAttrs";
