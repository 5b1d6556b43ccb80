/** A build by a Docker engine: its own BuildKit, or its classic builder. */
import type { EmbeddedBuilder } from "../builder.ts";
import { classicBuild } from "../docker/classic.ts";
import type { Engine } from "../docker/engine.ts";
import { engineOutputs } from "../docker/engine_outputs.ts";
import { pushImage } from "../docker/push.ts";
import { UnsupportedError } from "../errors.ts";
import { isLoad, type PlannedOutput } from "../outputs.ts";
import type { OutputResult } from "../types.ts";
import { tellingLogins } from "./build_logins.ts";
import { type Made, namesOf, type Prepared } from "./prepared.ts";
import { solveBuild } from "./solve_build.ts";

/** Builds in the engine's BuildKit. */
export async function buildEmbedded(
  { client, engine, embedded, address }: EmbeddedBuilder,
  outputs: readonly PlannedOutput[],
  run: Prepared,
): Promise<Made> {
  const { containerdStore, severalOutputs } = embedded;
  const abilities = { address, containerdStore, severalOutputs };
  const made = await solveBuild(client, engineOutputs(outputs, run.options, abilities), run);
  const results = made.outputs.map((result, i) => loadedInto(engine, outputs[i]!, result));
  // Containerd's store knows images by their manifests and pushes during the build. Docker's old one has no manifests before
  // the push, and knows images by their configs.
  if (containerdStore) return { ...made, imageId: made.digest, outputs: results };
  return { ...made, digest: await pushAll(engine, outputs, tellingLogins(run)), outputs: results };
}

/** Builds in the classic builder. */
export async function buildClassic(
  engine: Engine,
  outputs: readonly PlannedOutput[],
  run: Prepared,
): Promise<Made> {
  if (run.gateway !== undefined) {
    const problem = `The classic builder of ${engine.address} has no gateway for frontends`;
    throw new UnsupportedError("gateway", `${problem}; use one with BuildKit`);
  }
  const names = [...new Set(outputs.flatMap(namesOf))];
  const telling = tellingLogins(run);
  const imageId = await classicBuild(engine, { ...telling, outputs, names });
  const results = outputs.map((planned) =>
    loadedInto(engine, planned, { type: planned.output.type })
  );
  const digest = await pushAll(engine, outputs, telling);
  return { digest, imageId, names, outputs: results, metadata: {} };
}

function loadedInto(engine: Engine, { output }: PlannedOutput, result: OutputResult): OutputResult {
  return isLoad(output) ? { ...result, dest: engine.address } : result;
}

/** Pushes what an engine's store got and was not pushed by its builder; the last digest, if any. */
async function pushAll(
  engine: Engine,
  outputs: readonly PlannedOutput[],
  run: Prepared,
): Promise<string | undefined> {
  let digest: string | undefined;
  for (const planned of outputs) {
    if (planned.output.type !== "image" || planned.output.push !== true) continue;
    for (const name of namesOf(planned)) digest = await pushImage(engine, name, run);
  }
  return digest;
}
