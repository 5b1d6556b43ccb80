/** What the daemon says about a result. */
import type { Provenance } from "./attestation.ts";

/** Where content is, and what it is (OCI image spec). */
export interface ImageDescriptor {
  /** What the blob is. */
  readonly mediaType: string;
  /** Digest of the blob. */
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
  /** Annotations of the descriptor. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** What platform it is for. */
  readonly platform?: {
    readonly os: string;
    readonly architecture: string;
    readonly variant?: string;
  };
}

/** Everything the daemon said about a result, by its keys; JSON values decoded. */
export interface BuildMetadata {
  /** Digest of the image's manifest or index. */
  readonly "containerimage.digest"?: string;
  /** Digest of the image's config. */
  readonly "containerimage.config.digest"?: string;
  /** Of the image's manifest or index. */
  readonly "containerimage.descriptor"?: ImageDescriptor;
  /** Names of the image, with commas between. */
  readonly "image.name"?: string;
  /** See `metadataProvenance`. Of several platforms each has its own, under `buildx.build.provenance/PLATFORM`. */
  readonly "buildx.build.provenance"?: Provenance;
  /** What else the exporters said. */
  readonly [key: string]: unknown;
}
