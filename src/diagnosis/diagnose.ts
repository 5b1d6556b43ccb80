/** Finds out what kind of failure a failed build is, and what can be done about it. */
import { MoatError } from "../errors.ts";
import { entitlementRefused } from "./entitlement.ts";
import { commandFailure } from "./failed_command.ts";
import type { Diagnose, Diagnosis, Failure } from "./failure.ts";
import { gitSource } from "./git_source.ts";
import { invalidDockerfile } from "./invalid_dockerfile.ts";
import { invalidIgnoreFile } from "./invalid_ignore_file.ts";
import { downloadFailed, noSpace, policyDenied, secretMissing } from "./missing_means.ts";
import { missingSource } from "./missing_source.ts";
import { oldFrontend } from "./old_frontend.ts";
import { registryFailure } from "./registry.ts";
import { unknownStage } from "./unknown_stage.ts";

/** In this order: what is surer comes first. */
const KINDS: readonly Diagnose[] = [
  policyDenied,
  noSpace,
  missingSource,
  unknownStage,
  registryFailure,
  secretMissing,
  entitlementRefused,
  downloadFailed,
  gitSource,
  oldFrontend,
  commandFailure,
  invalidIgnoreFile,
  invalidDockerfile,
];

/** What is made of a failure. Never throws for what it meets on the disk: advice must not hide the failure. */
export function diagnose(failure: Failure): Diagnosis {
  for (const kind of KINDS) {
    try {
      const found = kind(failure);
      if (found !== undefined) return found;
    } catch (error) {
      // The context can't be read (any more), or its ignore file is malformed: then there is no advice.
      if (!(error instanceof MoatError)) throw error;
    }
  }
  return { code: "BUILD_FAILED", suggestions: [] };
}
