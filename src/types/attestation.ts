/** Facts about the build that travel with its result. */

/** What is recorded about how the result was built (SLSA provenance). */
export interface ProvenanceOptions {
  /** `min` leaves out what may tell secrets of the build: its definition, the Dockerfile, argument values. @default "min" */
  mode?: "min" | "max";
  /** Version of the SLSA predicate. @default the builder's */
  version?: "v0.2" | "v1";
  /** Who the provenance says has built it, a URI. */
  builderId?: string;
  /** Only inside an image's index, not as a file in `local` and `tar` outputs. @default false */
  inlineOnly?: boolean;
  /** Parameters of the frontend are named, but their values left out. @default false */
  reproducible?: boolean;
  /** Do without on builders that can't record it: Docker engines without containerd's image store. @default false */
  optional?: boolean;
}

/** A list of what the result consists of (SPDX). */
export interface SbomOptions {
  /** The image of the scanner. @default the builder's */
  generator?: string;
  /** Parameters of the scanner. */
  params?: Readonly<Record<string, string>>;
}

/** An attestation that was read back from a builder's store. */
export interface Attestation {
  /** Digest of the manifest that it is about. */
  readonly subject: string;
  /** That manifest's platform, for example `linux/amd64`. */
  readonly platform: string | undefined;
  /** What kind it is: `https://slsa.dev/provenance/v1`, `https://spdx.dev/Document`. */
  readonly predicateType: string;
  /** The in-toto statement: subjects, and the predicate. */
  readonly statement: Readonly<Record<string, unknown>>;
}

/** How a result was built: a predicate of SLSA v0.2, as buildx writes it into its metadata file. */
export interface Provenance {
  /** Who built it. */
  readonly builder: { readonly id: string };
  /** How the build is to be read: BuildKit's own type. */
  readonly buildType: string;
  /** What went in: images, git commits, downloads. */
  readonly materials?: readonly {
    readonly uri: string;
    readonly digest?: Readonly<Record<string, string>>;
  }[];
  /** What was asked for. */
  readonly invocation: {
    readonly configSource: {
      readonly uri?: string;
      readonly digest?: Readonly<Record<string, string>>;
      readonly entryPoint?: string;
    };
    readonly parameters: Readonly<Record<string, unknown>>;
    readonly environment: Readonly<Record<string, unknown>>;
  };
  /** The build's definition; not with `min`. */
  readonly buildConfig?: unknown;
  /** When it ran, and more; not with `min`. */
  readonly metadata?: Readonly<Record<string, unknown>>;
}
