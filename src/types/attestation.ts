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
