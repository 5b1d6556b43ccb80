/** Which BuildKit is in a Docker engine (moby vendor.mod). */

/** How one says that its version was not noted when the engine was made. Those of Linux distributions do. */
const UNKNOWN_REGEXP = /^v?0\.0\.0/;

/** What was in the first release of each line. */
const BUILDKIT: Readonly<Record<string, string>> = {
  24: "v0.11",
  25: "v0.12",
  26: "v0.13",
  27: "v0.14",
  28: "v0.20",
};

/** The version that BuildKit tells, or the one that goes by the engine's, for example `v0.13 or so, in Docker/26.1.5`. */
export function buildkitVersion(told: string, server: string): string {
  if (!UNKNOWN_REGEXP.test(told)) return told;
  const [engine, major = ""] = /^Docker\/(\d+)[^\s+]*/.exec(server) ?? [];
  const version = Object.hasOwn(BUILDKIT, major) ? BUILDKIT[major] : undefined;
  return version === undefined ? told : `${version} or so, in ${engine}`;
}
