/** What each type of cache may say, and how the daemon calls it (cache/remotecache/*, protocol section "Caches"). */

/** What a field holds, which also says how it is written as an attribute. */
export type FieldKind =
  | "compression"
  | "count"
  | "digest"
  | "flag"
  | "mode"
  | "names"
  | "path"
  | "reference"
  | "seconds"
  | "secret"
  | "text";

/** One typed option. */
export interface Field {
  readonly attr: string;
  readonly kind: FieldKind;
}

/** A type's options by name. */
export type Fields = Readonly<Record<string, Field>>;

/** One type of cache. */
export interface CacheType {
  readonly fields: Fields;
  /** Attributes without an option of their own. */
  readonly others?: readonly string[];
  /** The attribute that must be there. */
  readonly needs?: string;
}

const EXPORT: Fields = {
  mode: { attr: "mode", kind: "mode" },
  ignoreError: { attr: "ignore-error", kind: "flag" },
};

const IMAGE: Fields = {
  compression: { attr: "compression", kind: "compression" },
  compressionLevel: { attr: "compression-level", kind: "count" },
  forceCompression: { attr: "force-compression", kind: "flag" },
  ociMediaTypes: { attr: "oci-mediatypes", kind: "flag" },
  imageManifest: { attr: "image-manifest", kind: "flag" },
};

const REGISTRY: Fields = {
  ref: { attr: "ref", kind: "reference" },
  insecure: { attr: "registry.insecure", kind: "flag" },
};

const GITHUB: Fields = {
  scope: { attr: "scope", kind: "text" },
  url: { attr: "url", kind: "text" },
  urlV2: { attr: "url_v2", kind: "text" },
  token: { attr: "token", kind: "secret" },
  version: { attr: "version", kind: "text" },
  timeoutSeconds: { attr: "timeout", kind: "seconds" },
};

const PLACES: Fields = {
  name: { attr: "name", kind: "names" },
  prefix: { attr: "prefix", kind: "text" },
  manifestsPrefix: { attr: "manifests_prefix", kind: "text" },
  blobsPrefix: { attr: "blobs_prefix", kind: "text" },
};

const S3: Fields = {
  ...PLACES,
  bucket: { attr: "bucket", kind: "text" },
  region: { attr: "region", kind: "text" },
  endpointUrl: { attr: "endpoint_url", kind: "text" },
  accessKeyId: { attr: "access_key_id", kind: "secret" },
  secretAccessKey: { attr: "secret_access_key", kind: "secret" },
  sessionToken: { attr: "session_token", kind: "secret" },
  usePathStyle: { attr: "use_path_style", kind: "flag" },
};

const S3_OTHERS = ["disable_accept_encoding", "retry_mode", "retry_max_attempts"];

const S3_EXPORT: Fields = {
  uploadParallelism: { attr: "upload_parallelism", kind: "count" },
  touchRefresh: { attr: "touch_refresh", kind: "text" },
};

const AZURE: Fields = {
  ...PLACES,
  accountUrl: { attr: "account_url", kind: "text" },
  accountName: { attr: "account_name", kind: "text" },
  secretAccessKey: { attr: "secret_access_key", kind: "secret" },
  container: { attr: "container", kind: "text" },
};

/** The types of `cacheFrom`. */
export const SOURCES: Readonly<Record<string, CacheType>> = {
  registry: { fields: REGISTRY, needs: "ref" },
  local: {
    fields: {
      src: { attr: "src", kind: "path" },
      tag: { attr: "tag", kind: "text" },
      digest: { attr: "digest", kind: "digest" },
    },
    needs: "src",
  },
  gha: { fields: GITHUB },
  // An export's settings do no harm: one text may serve for both.
  s3: { fields: S3, others: [...S3_OTHERS, "upload_parallelism", "touch_refresh"] },
  azblob: { fields: AZURE },
};

/** The types of `cacheTo`. */
export const TARGETS: Readonly<Record<string, CacheType>> = {
  registry: { fields: { ...REGISTRY, ...IMAGE, ...EXPORT }, needs: "ref" },
  local: {
    fields: {
      dest: { attr: "dest", kind: "path" },
      tag: { attr: "tag", kind: "text" },
      reset: { attr: "reset", kind: "flag" },
      ...IMAGE,
      ...EXPORT,
    },
    needs: "dest",
  },
  inline: { fields: EXPORT },
  gha: {
    fields: {
      ...GITHUB,
      ghtoken: { attr: "ghtoken", kind: "secret" },
      repository: { attr: "repository", kind: "text" },
      ...EXPORT,
    },
  },
  s3: { fields: { ...S3, ...S3_EXPORT, ...EXPORT }, others: S3_OTHERS },
  azblob: { fields: { ...AZURE, ...EXPORT } },
};
