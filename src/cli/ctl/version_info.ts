/** A daemon's version as buildctl shows it. */
import type { BuildkitVersion } from "../../gen/worker.ts";
import type { Json } from "./go_json.ts";

/** The two lines that there are of it; empty where the daemon does not say. */
export function versionFields(
  version: BuildkitVersion | undefined,
): { buildkit: string; dockerfile: string } {
  return {
    buildkit: `${version?.package ?? ""} ${version?.version ?? ""} ${version?.revision ?? ""}`,
    dockerfile: version?.dockerfileVersion ?? "",
  };
}

/** As buildctl's JSON has it. */
export function versionJson(version: BuildkitVersion | undefined): Json {
  return {
    package: version?.package ?? "",
    version: version?.version ?? "",
    revision: version?.revision ?? "",
    ...(version?.dockerfileVersion && { dockerfileVersion: version.dockerfileVersion }),
  };
}
