/** Rules about what sources a build may use. */

/** Rules, as in BuildKit's JSON files: the last one that matches a source decides. */
export interface SourcePolicy {
  /** Version of the format. @default 1 */
  version?: number;
  /** The rules. */
  rules: SourceRule[];
}

/** One rule. */
export interface SourceRule {
  /** What becomes of the source. */
  action: "ALLOW" | "DENY" | "CONVERT";
  /** Which sources it is about. */
  selector: {
    /** For example `docker-image://docker.io/library/*`. */
    identifier: string;
    /** @default "WILDCARD" */
    matchType?: "WILDCARD" | "EXACT" | "REGEX";
    constraints?: { key: string; value: string; condition?: "EQUAL" | "NOTEQUAL" | "MATCHES" }[];
  };
  /** What the source becomes, for `CONVERT`. */
  updates?: { identifier?: string; attrs?: Readonly<Record<string, string>> };
}

/** A source that a build wants to use. */
export interface PolicySource {
  /** For example `docker-image://docker.io/library/alpine:3`. */
  readonly identifier: string;
  /** What else is known of it. */
  readonly attrs: Readonly<Record<string, string>>;
  /** For example `linux/amd64`; undefined for sources that are the same everywhere. */
  readonly platform: string | undefined;
  /** Where it is known: the image's digest, the commit, the download's checksum. */
  readonly checksum: string | undefined;
  /** For images, where it was asked for: the config, parsed. */
  readonly imageConfig: unknown;
}

/**
 * The answer: take it, refuse it with the reasons, take another in its place, or ask again with what `resolve` names of it
 * made known.
 */
export type PolicyDecision =
  | { action: "ALLOW" }
  | { action: "DENY"; messages?: string[] }
  | { action: "CONVERT"; identifier: string; attrs?: Readonly<Record<string, string>> }
  | { resolve: "checksum" | "image-config" };

/**
 * Decides about each source, before it is fetched; also about the build's own folders, which are `local://context` and the
 * like. The builder may ask about one several times. What it throws fails the build with a `PolicyError`.
 */
export type PolicyCallback = (
  source: PolicySource,
  signal: AbortSignal,
) => PolicyDecision | Promise<PolicyDecision>;
