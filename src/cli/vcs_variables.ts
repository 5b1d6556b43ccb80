/** The variables by which buildx is told what to record of git (buildx build/git.go). */
import type { Environment } from "../environment.ts";
import type { VcsOptions } from "../types.ts";
import { parseBool } from "./parse_bool.ts";

/**
 * The `vcs` option as buildx would have it: revision and source go into the provenance unless `BUILDX_GIT_INFO` is false,
 * into labels if `BUILDX_GIT_LABELS` is true or `full`, and changes are looked for if `BUILDX_GIT_CHECK_DIRTY` is true.
 */
export function vcsOptions(env: Environment): VcsOptions | false {
  const flag = (name: string) => parseBool(env(name) ?? "");
  const provenance = flag("BUILDX_GIT_INFO") ?? true;
  const labels = env("BUILDX_GIT_LABELS") === "full" || flag("BUILDX_GIT_LABELS") === true;
  if (!provenance && !labels) return false;
  return { provenance, labels, dirty: flag("BUILDX_GIT_CHECK_DIRTY") === true ? "all" : false };
}
