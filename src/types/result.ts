/** What the daemon says about a result. */
import type { Provenance } from "./attestation.ts";

/** Where content is, and what it is (OCI image spec). */
export interface ImageDescriptor {
  readonly mediaType: string;
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly platform?: {
    readonly os: string;
    readonly architecture: string;
    readonly variant?: string;
  };
}

/** Everything the daemon said about a result, by its keys; JSON values decoded. */
export interface BuildMetadata {
  readonly "containerimage.digest"?: string;
  readonly "containerimage.config.digest"?: string;
  /** Of the image's manifest or index. */
  readonly "containerimage.descriptor"?: ImageDescriptor;
  readonly "image.name"?: string;
  /** See `metadataProvenance`. Of several platforms each has its own, under `buildx.build.provenance/PLATFORM`. */
  readonly "buildx.build.provenance"?: Provenance;
  readonly [key: string]: unknown;
}
