/** What a frontend can tell of a Dockerfile without building it. */
import { Build } from "./build.ts";
import type { CallDescription, CheckResult, Outline, Target } from "./gateway/answers.ts";
import type { CallAnswer } from "./gateway/call.ts";
import type { BuildOptions } from "./types.ts";

/**
 * Runs the Dockerfile's checks. Nothing is built; what the options say of the result is ignored, in all functions here.
 * Warnings are no failure: see the result.
 *
 * @throws {UnsupportedError} if the builder's frontend knows no checks
 * @throws what {@linkcode build} throws for other reasons than the Dockerfile
 *
 * @example
 * ```ts no-eval
 * import { check } from "@moat/build";
 *
 * const { passed, warnings } = await check({ context: "." });
 * for (const { rule, detail } of warnings) console.log(`${rule}: ${detail}`);
 * ```
 */
export async function check(options: BuildOptions = {}): Promise<CheckResult> {
  const { json } = await call("frontend.lint", options);
  return (await import("./gateway/answers.ts")).readCheck(json);
}

/** What the target stage can be given: arguments, secrets, SSH keys, caches. */
export async function outline(options: BuildOptions = {}): Promise<Outline> {
  const { json } = await call("frontend.outline", options);
  return (await import("./gateway/answers.ts")).readOutline(json);
}

/** The stages that can be built, in the Dockerfile's order. */
export async function targets(options: BuildOptions = {}): Promise<Target[]> {
  const { json } = await call("frontend.targets", options);
  return (await import("./gateway/answers.ts")).readTargets(json);
}

/** All that the frontend can be asked. */
export async function describeCalls(options: BuildOptions = {}): Promise<CallDescription[]> {
  const { json } = await call("frontend.subrequests.describe", options);
  return (await import("./gateway/answers.ts")).readDescriptions(json);
}

/** Asks the frontend anything, for example `frontend.convertllb`. */
export async function call(requestId: string, options: BuildOptions = {}): Promise<CallAnswer> {
  return await startCall(requestId, options).answer;
}

/** A call under way: `build` has its progress and ends with it. */
export function startCall(
  requestId: string,
  options: BuildOptions,
): { build: Build; answer: Promise<CallAnswer> } {
  const { tags: _, cacheTo: __, metadataProvenance: ___, ...rest } = options;
  let answered: CallAnswer | undefined;
  const build = new Build({ ...rest, output: "cacheonly" }, {
    // Nothing was built, so that it belongs in no history.
    internal: true,
    gateway: async (client) => {
      const { callFrontend } = await import("./gateway/call.ts");
      answered = await callFrontend(client, requestId);
    },
  });
  return { build, answer: build.then(() => answered!) };
}
