/** Caches outside the builder: where steps' results are taken from and left. */

/** How layers of a cache are packed. */
export interface CacheCompression {
  /** How layers are compressed. @default "gzip" */
  compression?: "uncompressed" | "gzip" | "estargz" | "zstd";
  /** Level for the compression: 0 to 9 for gzip and estargz, 0 to 22 for zstd. */
  compressionLevel?: number;
  /** Pack layers again that are packed otherwise. @default false */
  forceCompression?: boolean;
}

/** An image in a registry that holds a cache. */
export interface RegistryCache {
  /** The kind of cache. */
  type: "registry";
  /** For example `registry.example/app:cache`. */
  ref: string;
  /** Allow plain HTTP and unverified TLS. @default false */
  insecure?: boolean;
}

/** GitHub's cache; `url` and `token` default to what a workflow's environment says. */
export interface GithubCache {
  /** The kind of cache. */
  type: "gha";
  /** Caches of other scopes are not seen. @default "buildkit" */
  scope?: string;
  /** Address of the first version of the service. */
  url?: string;
  /** Address of the second version of the service. */
  urlV2?: string;
  /** Token of the running workflow. */
  token?: string;
  /** Version of the cache service. @default what the environment says */
  version?: "1" | "2";
  /** Seconds for one request. @default 600 */
  timeoutSeconds?: number;
}

/** A bucket of S3 or of what speaks its protocol; the keys default to AWS's environment and files. */
export interface S3Cache {
  /** The kind of cache. */
  type: "s3";
  /** Name of the bucket. */
  bucket?: string;
  /** AWS region of the bucket. */
  region?: string;
  /** The cache's names: an export writes, an import reads all of them. @default "buildkit" */
  name?: string | string[];
  /** What all keys begin with. */
  prefix?: string;
  /** What keys of manifests begin with, below `prefix`. @default "manifests/" */
  manifestsPrefix?: string;
  /** What keys of layers begin with, below `prefix`. @default "blobs/" */
  blobsPrefix?: string;
  /** Address of a service other than AWS. */
  endpointUrl?: string;
  /** Access key. */
  accessKeyId?: string;
  /** Secret key to `accessKeyId`. */
  secretAccessKey?: string;
  /** Token of a temporary login. */
  sessionToken?: string;
  /** Put the bucket into the path and not into the host's name. @default false */
  usePathStyle?: boolean;
}

/** A container of Azure's blob storage. */
export interface AzureCache {
  /** The kind of cache. */
  type: "azblob";
  /** Address of the storage account. */
  accountUrl?: string;
  /** Name of the storage account. @default the first part of `accountUrl` */
  accountName?: string;
  /** Key of the account. */
  secretAccessKey?: string;
  /** Name of the container. */
  container?: string;
  /** As for S3. */
  name?: string | string[];
  /** What all names begin with. */
  prefix?: string;
  /** What names of manifests begin with, below `prefix`. @default "manifests" */
  manifestsPrefix?: string;
  /** What names of layers begin with, below `prefix`. @default "blobs" */
  blobsPrefix?: string;
}

/** Raw attributes, over what the typed fields say. */
export interface CacheAttrs {
  /** Attributes by their names on the builder. */
  attrs?: Readonly<Record<string, string>>;
}

/** A cache to take results from. A string is a registry's, for example `user/app:cache`. */
export type CacheSource =
  | string
  | (
    & (
      | RegistryCache
      | {
        type: "local";
        /** A folder that an export has written. */
        src: string | URL;
        /** @default "latest" */
        tag?: string;
        /** Digest of the cache's manifest, instead of a tag. */
        digest?: string;
      }
      | GithubCache
      | S3Cache
      | AzureCache
    )
    & CacheAttrs
  );

/** What every cache export may say. */
export interface CacheExportOptions extends CacheAttrs {
  /** `min` exports the layers of the result, `max` those of every step. @default "min" */
  mode?: "min" | "max";
  /** Go on if the export fails. @default false */
  ignoreError?: boolean;
}

/** How a cache is written as an image. */
export interface CacheImageOptions extends CacheCompression {
  /** Whether the cache has OCI's media types and not Docker's. @default true */
  ociMediaTypes?: boolean;
  /** An image's manifest, instead of an index, which some registries refuse. @default true */
  imageManifest?: boolean;
}

/** A cache to leave results in. A string is a registry's, for example `user/app:cache`. */
export type CacheTarget =
  | string
  | (
    & (
      | (RegistryCache & CacheImageOptions)
      | ({
        type: "local";
        /** The folder; made if missing. */
        dest: string | URL;
        /** @default "latest" */
        tag?: string;
        /** Remove what no tag refers to any more. @default false */
        reset?: boolean;
      } & CacheImageOptions)
      | { type: "inline" }
      | (GithubCache & {
        /** For limits of the API: a token of GitHub's and `owner/name`. */
        ghtoken?: string;
        repository?: string;
      })
      | (S3Cache & { uploadParallelism?: number; touchRefresh?: string })
      | AzureCache
    )
    & CacheExportOptions
  );
