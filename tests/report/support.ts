import { initialState, reduce } from "../../src/progress/model.ts";
import { type BuildReport, type ReportFacts, toReport } from "../../src/report/build_report.ts";
import type { StatusResponse } from "../../src/gen/control.ts";

/** A report of a build with this status stream. */
export function reportOf(
  messages: StatusResponse[],
  facts: Partial<ReportFacts> = {},
): BuildReport {
  return toReport(messages.reduce(reduce, initialState()), {
    title: "example",
    ref: "ref",
    startedAt: new Date(1_700_000_000_000),
    seconds: 12.3,
    inputs: [],
    outputs: [],
    transfers: [],
    failure: undefined,
    ...facts,
  });
}
