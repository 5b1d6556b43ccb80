/** From how a build's call ended to the error for it; loaded when a build fails. */
import { BuildError } from "./build_error.ts";
import { examine, type FailureContext, inFull, inOneLine } from "./diagnosis/report.ts";
import { failedLines } from "./diagnosis/source_excerpt.ts";
import { RpcError, statusName } from "./rpc/status.ts";

export { failedVertex } from "./diagnosis/report.ts";

/** The error that says all that is known of a failed build. */
export function failedBuild(error: RpcError, context: FailureContext = {}): BuildError {
  const report = examine(error, context);
  const { status, details } = error;
  return new BuildError({
    ...report,
    message: inFull(report),
    shortMessage: inOneLine(report),
    status: statusName(status),
    failedLines: report.sources.map(failedLines),
    // What is printed of a cause is as safe as the rest.
    cause: new RpcError(status, report.originalMessage, { details }),
  });
}
