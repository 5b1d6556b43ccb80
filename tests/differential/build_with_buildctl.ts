/** Builds a case by Go's client. */
import { basename, dirname } from "node:path";
import { Buildctl } from "../support/buildctl.ts";
import type { TestEnvironment } from "../support/env.ts";
import type { Case } from "./case.ts";
import { finishedSteps, IMAGE_NAME, type Outcome, type RawVertex, requestOf } from "./outcome.ts";

/** Builds with `buildctl build`. */
export async function buildWithBuildctl(
  test: Case,
  context: string,
  address: string,
  environment: TestEnvironment,
): Promise<Outcome> {
  const { buildArgs, dockerfile } = requestOf(test, context, environment);
  const { options } = test;
  const attrs: Record<string, string> = {
    filename: basename(dockerfile),
    ...prefixed("build-arg:", buildArgs),
    ...prefixed("label:", options.labels ?? {}),
    ...(options.target === undefined ? {} : { target: options.target }),
    ...(options.platforms ? { platform: options.platforms.join(",") } : {}),
    ...(options.noCache ? { "no-cache": "" } : {}),
    ...(options.noCacheFilter ? { "no-cache": options.noCacheFilter.join(",") } : {}),
    ...(options.addHosts ? { "add-hosts": pairs(options.addHosts).join(",") } : {}),
    ...options.attrs,
  };
  const result = await new Buildctl(environment.tools.buildctl, address).build(
    "--progress=rawjson",
    "--frontend=dockerfile.v0",
    `--local=context=${context}`,
    `--local=dockerfile=${dirname(dockerfile)}`,
    ...pairs(attrs).map((pair) => `--opt=${pair}`),
    `--output=type=image,name=${IMAGE_NAME},rewrite-timestamp=true`,
  );
  const lines = result.stderr.split("\n");
  const vertexes = lines.filter((line) => line.startsWith("{")).flatMap((line) => {
    const status = JSON.parse(line) as { vertexes?: RawVertex[] };
    return status.vertexes ?? [];
  });
  const error = lines.filter((line) => line !== "" && !line.startsWith("{")).join("\n");
  return {
    digest: result.digest,
    error: result.code === 0 ? "" : error,
    steps: finishedSteps(vertexes),
  };
}

function prefixed(prefix: string, values: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [prefix + key, value]));
}

function pairs(values: Record<string, string>): string[] {
  return Object.entries(values).map(([key, value]) => `${key}=${value}`);
}
