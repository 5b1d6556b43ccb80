/** A build on a BuildKit daemon of its own. */
import type { BuildKitClient } from "../client.ts";
import { isLoad, type PlannedOutput, planOutputs } from "../outputs.ts";
import type { OutputResult } from "../types.ts";
import type { Made, Prepared } from "./prepared.ts";
import { solveBuild } from "./solve_build.ts";

/** Builds; what is to be loaded into a Docker engine streams there. */
export async function buildStandalone(client: BuildKitClient, run: Prepared): Promise<Made> {
  const { options, signal, onStatus } = run;
  const outputs = planOutputs(options);
  if (!outputs.some(({ output }) => isLoad(output))) return await solveSized(client, outputs, run);
  const { planLoads } = await import("../docker/plan_loads.ts");
  const loads = await planLoads(outputs, { ...options, signal, onStatus });
  try {
    const made = await solveSized(client, loads.outputs, run);
    return { ...made, outputs: made.outputs.map((result, i) => loads.result(result, i)) };
  } finally {
    await loads.close();
  }
}

async function solveSized(
  client: BuildKitClient,
  outputs: readonly PlannedOutput[],
  run: Prepared,
): Promise<Made> {
  const made = await solveBuild(client, outputs, run);
  return { ...made, outputs: await withImageSize(client, made, run.signal) };
}

async function withImageSize(
  client: BuildKitClient,
  { digest, outputs }: Pick<Made, "digest" | "outputs">,
  signal: AbortSignal,
): Promise<readonly OutputResult[]> {
  if (digest === undefined || !outputs.some(({ type }) => type === "image")) return outputs;
  const { imageSize } = await import("../image_size.ts");
  const bytes = await imageSize(client, digest, signal);
  if (bytes === undefined) return outputs;
  return outputs.map((output) => output.type === "image" ? { ...output, bytes } : output);
}
