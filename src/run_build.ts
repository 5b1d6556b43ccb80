/** One build from its options to its result: the only place where the parts meet. */
import { type Builder, chooseBuilder } from "./builder.ts";
import { openInputs } from "./context/open_inputs.ts";
import { recordLogins } from "./diagnosis/login_record.ts";
import { readEnvironment } from "./environment.ts";
import { frontendAttrs } from "./frontend/attrs.ts";
import { planOutputs } from "./outputs.ts";
import { openParts } from "./parts/all.ts";
import { mergeParts, type PartBuilder } from "./parts/part.ts";
import { createCredentialStore } from "./registry/credentials.ts";
import type { RegistryTls } from "./registry/http_request.ts";
import { builderVersion } from "./run/builder_version.ts";
import type { BuildRun, Made, Prepared } from "./run/prepared.ts";
import { buildStandalone } from "./run/standalone.ts";
import { unlessAborted } from "./unless_aborted.ts";
import type { BuildResult, RegistryTlsOptions } from "./types.ts";

export type { BuildRun, BuildWays } from "./run/prepared.ts";

/** Runs a build. When it returns or throws, nothing is left open. Throws as {@linkcode build} does. */
export async function runBuild(run: BuildRun): Promise<BuildResult> {
  const start = performance.now();
  const { options, ref, signal } = run;
  signal.throwIfAborted();
  const attrs = frontendAttrs(options);
  planOutputs(options);
  const logins = recordLogins(createCredentialStore({ auth: options.auth }));
  const tls = options.registryTls && await registryTls(options.registryTls);
  const scope = { env: readEnvironment, logger: options.logger, signal };
  const parts = await openParts(options, scope);
  const inputs = await openInputs({ ...options, signal }, {
    dockerfile: run.withoutDockerfile !== true,
  });
  try {
    const builder = run.builder ?? await chooseBuilder({ ...options, signal });
    try {
      const { kind, address, from } = builder;
      const added = await parts.forBuilder?.(partBuilder(builder, run)) ?? {};
      const { attrs: place, handlers } = inputs;
      const part = mergeParts([{ attrs: place, handlers }, parts, added]);
      const made = await buildOn(builder, { ...run, inputs, attrs, logins, tls, part });
      const durationMs = performance.now() - start;
      const { transfers } = run.transfers;
      return { ref, ...made, transfers, builder: { kind, address, from }, durationMs };
    } finally {
      if (run.builder === undefined) await builder.close();
    }
  } finally {
    await unlessAborted(inputs.close(signal.reason), signal);
  }
}

/** The builder as parts know it. */
function partBuilder(
  builder: Builder,
  { signal, options: { stallTimeoutMs } }: BuildRun,
): PartBuilder {
  const { kind, address, from } = builder;
  if (builder.kind === "classic") return { kind, address, from };
  if (builder.kind === "standalone") {
    const version = () => builderVersion(builder.client, { signal, stallTimeoutMs });
    return { kind, address, from, version };
  }
  const { containerdStore, info } = builder.embedded;
  const labels = Object.assign({}, ...info.workers.map((worker) => worker.labels));
  const version = async () => {
    const { buildkitVersion } = await import("./docker/buildkit_version.ts");
    return buildkitVersion(info.version, builder.engine.info.server);
  };
  return { kind, address, from, version, engine: { containerdStore, labels } };
}

async function buildOn(builder: Builder, run: Prepared): Promise<Made> {
  if (builder.kind === "standalone") return await buildStandalone(builder.client, run);
  // In an engine an image always ends up in its store, named or not.
  const { options } = run;
  const outputs = planOutputs({ ...options, output: options.output ?? "image" });
  const { buildClassic, buildEmbedded } = await import("./run/in_engine.ts");
  return builder.kind === "embedded"
    ? await buildEmbedded(builder, outputs, run)
    : await buildClassic(builder.engine, outputs, run);
}

async function registryTls(
  option: Readonly<Record<string, RegistryTlsOptions>>,
): Promise<ReadonlyMap<string, RegistryTls>> {
  const { loadRegistryTls } = await import("./parts/registry_tls.ts");
  return loadRegistryTls(option);
}
