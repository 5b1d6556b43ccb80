/** What becomes of a build's result. */

/** What to do with the result. */
export type Output =
  | ImageOutput
  | ArchiveOutput
  | LayoutOutput
  | LoadOutput
  | LocalOutput
  | { type: "cacheonly" };

/** Raw attributes for the exporter, over what the typed options say. */
export interface OutputAttrs {
  /** Attributes by their names on the builder. */
  attrs?: Readonly<Record<string, string>>;
}

/** How an image is written. */
export interface ImageFormat extends OutputAttrs {
  /** Names instead of the build's `tags`. */
  names?: string[];
  /** How layers are packed. @default "gzip" */
  compression?: "uncompressed" | "gzip" | "estargz" | "zstd";
  /** 0 to 9 for gzip and estargz, 0 to 22 for zstd. */
  compressionLevel?: number;
  /** Pack layers of base images again too. @default false */
  forceCompression?: boolean;
  /** OCI's media types instead of Docker's. @default what the builder does: as the base image, always with attestations */
  ociMediaTypes?: boolean;
  /** Attestations as OCI artifacts. @default false */
  ociArtifact?: boolean;
  /** Set files' times that are later than `sourceDateEpoch` to it. @default false */
  rewriteTimestamp?: boolean;
  /** Annotations besides the build's, with the same keys. */
  annotations?: Readonly<Record<string, string>>;
}

/** An image in the builder's store (for a Docker engine's own builders that is the engine's) or a registry. */
export interface ImageOutput extends ImageFormat {
  /** An image in the builder's store. */
  type: "image";
  /** Push to the registries that the names say. @default false */
  push?: boolean;
  /** Push without a tag; the names say only where. @default false */
  pushByDigest?: boolean;
  /** Allow plain HTTP and unverified TLS to the registry. @default false */
  insecure?: boolean;
  /** Keep the image in the builder's own store, where there is one. @default true */
  store?: boolean;
  /** Unpack it there, for containers to start from. @default false */
  unpack?: boolean;
  /** Name the image with its digest too. @default false */
  nameCanonical?: boolean;
  /** Name for images without one: this and `@` and the digest. */
  danglingNamePrefix?: string;
}

/** An image or its root filesystem as one tar stream. */
export interface ArchiveOutput extends ImageFormat {
  /** `oci` and `docker` are images, `tar` is the bare root filesystem, which has only `dest`, `platformSplit` and `attrs`. */
  type: "oci" | "docker" | "tar";
  /** A file's path, or a stream that is written to and closed. */
  dest: string | URL | WritableStream<Uint8Array>;
  /** An archive, which is the default. */
  tar?: true;
  /** A folder for each platform, for `tar`. @default whether there are several */
  platformSplit?: boolean;
}

/** An image as an OCI layout: a folder of blobs, to which images are added. */
export interface LayoutOutput extends ImageFormat {
  /** The image's format. */
  type: "oci" | "docker";
  /** A folder and no archive. */
  tar: false;
  /** The folder; made if missing, and left with what it holds already. */
  dest: string | URL;
}

/** An image in a Docker engine's store, whichever builder made it. */
export interface LoadOutput extends ImageFormat {
  /** An image in a Docker engine's format. */
  type: "docker";
  /** The archive streams from the builder into the engine; nothing is kept on the way. */
  load: true;
}

/** The result's root filesystem in a local folder. */
export interface LocalOutput extends OutputAttrs {
  /** Files in a folder. */
  type: "local";
  /** The folder; made if missing. Nothing is ever written outside it. */
  dest: string | URL;
  /** `delete` removes what the result does not have. @default "copy" */
  mode?: "copy" | "delete";
  /** A folder for each platform. @default whether there are several */
  platformSplit?: boolean;
  /**
   * Keeps the set-user-ID and set-group-ID bits of the result, and its devices (for which root is needed). Without it the bits
   * are left out, and told of; a device fails the build. Never sent to the builder. @default false
   */
  privileged?: boolean;
}

/** What is known of a result when a function given as `output` is asked for the outputs. */
export interface BuiltResult {
  /** The frontend's metadata, JSON values decoded: `containerimage.config`, `refs.platforms` and others. */
  readonly metadata: Readonly<Record<string, unknown>>;
  /** The daemon's ids of the results, one for each platform. */
  readonly refs: readonly string[];
}
