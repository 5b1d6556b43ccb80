/** Builds a case by our client. */
import { build } from "../../mod.ts";
import type { TestEnvironment } from "../support/env.ts";
import type { Case } from "./case.ts";
import { finishedSteps, IMAGE_NAME, type Outcome, type RawVertex, requestOf } from "./outcome.ts";

/** Builds with `build()`. */
export async function buildWithMoat(
  test: Case,
  context: string,
  address: string,
  environment: TestEnvironment,
): Promise<Outcome> {
  const { buildArgs, dockerfile } = requestOf(test, context, environment);
  const {
    dockerfile: _dockerfile,
    setup: _setup,
    attrs,
    uncached: _uncached,
    fails: _fails,
    ...same
  } = test.options;
  const running = build({
    ...same,
    context,
    address,
    buildArgs,
    ...(attrs ? { frontendAttrs: attrs } : {}),
    ...(test.options.dockerfile === undefined ? {} : { dockerfile: { path: dockerfile } }),
    output: { type: "image", names: [IMAGE_NAME], attrs: { "rewrite-timestamp": "true" } },
  });
  const vertexes: RawVertex[] = [];
  const statuses = (async () => {
    for await (const status of running.statuses()) vertexes.push(...status.vertexes);
  })();
  let digest: string | undefined;
  let error = "";
  try {
    digest = (await running).digest;
  } catch (reason) {
    // Some cases must fail; the caller compares.
    error = String(reason);
  }
  await statuses;
  return { digest, error, steps: finishedSteps(vertexes) };
}
