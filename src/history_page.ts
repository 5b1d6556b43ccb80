/** The page about a build on record. */
import { cleanAttrs } from "./control/clean_attrs.ts";
import type { BuildKitClient } from "./client.ts";
import { findBuild } from "./control/find_build.ts";
import type { BuildHistoryRecord } from "./gen/control.ts";
import { toMilliseconds } from "./progress/format.ts";
import { initialState, type ProgressState, reduce } from "./progress/model.ts";
import { baseImages } from "./report/build_facts.ts";
import { type ReportFacts, toReport } from "./report/build_report.ts";
import { renderReport } from "./report/render.ts";
import type { CallOptions } from "./rpc/channel.ts";
import { StatusCode } from "./rpc/status.ts";

/** See {@linkcode historyReport}. */
export async function historyPage(
  client: BuildKitClient,
  ref: string,
  options: CallOptions,
): Promise<string> {
  const record = await findBuild(client, ref, { ...options, completedOnly: true });
  // The daemon plays the status of builds on record again.
  let state = initialState();
  for await (const status of client.status(record.ref, options)) state = reduce(state, status);
  return renderReport(toReport(state, facts(record, state)));
}

function facts(record: BuildHistoryRecord, state: ProgressState): ReportFacts {
  const { ref, createdAt = 0n, completedAt = createdAt, exporters, result, error } = record;
  const names = exporters.map(({ attrs }) => attrs.get("name") ?? "").filter((name) => name !== "");
  const digests = [...result?.results.values() ?? []].map(({ digest }) => digest);
  return {
    title: names[0]?.split(",")[0] ?? `build ${ref}`,
    ref,
    startedAt: new Date(toMilliseconds(createdAt)),
    seconds: (toMilliseconds(completedAt) - toMilliseconds(createdAt)) / 1000,
    inputs: inputs(record, state),
    outputs: [
      ...exporters.map(({ type }) => ["output", type] as const),
      ...names.map((name) => ["names", name] as const),
      ...digests.map((digest) => ["digest", digest] as const),
    ],
    transfers: [],
    failure: error === undefined
      ? undefined
      : { error: new Error(error.message), canceled: error.code === StatusCode.CANCELLED },
  };
}

/** Values of build arguments may be secret. */
function inputs(
  { frontendAttrs }: BuildHistoryRecord,
  state: ProgressState,
): ReportFacts["inputs"] {
  const all = [...cleanAttrs(frontendAttrs)].sort(([a], [b]) => a < b ? -1 : 1);
  const args = all.filter(([key]) => key.startsWith("build-arg:")).map(([key]) => key.slice(10));
  const bases = baseImages(state);
  return [
    ...all.filter(([key]) => !key.startsWith("build-arg:")),
    ...(args.length === 0 ? [] : [["build arguments", args.join(", ")] as const]),
    ...(bases.length === 0 ? [] : [["base images", bases.join(", ")] as const]),
  ];
}
