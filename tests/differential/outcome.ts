/** What is told to both clients, and what is compared of their answers. */
import { join } from "node:path";
import type { TestEnvironment } from "../support/env.ts";
import type { Case } from "./case.ts";

/** One step of a build, as far as the comparison goes. */
export interface Step {
  readonly name: string;
  readonly cached: boolean;
}

/** How a build ended. */
export interface Outcome {
  readonly digest: string | undefined;
  /** The error's text; empty when the build succeeded. */
  readonly error: string;
  /** All steps that came to an end. */
  readonly steps: readonly Step[];
}

/** What both clients are told. */
export interface Request {
  readonly context: string;
  readonly dockerfile: string;
  readonly buildArgs: Record<string, string>;
}

/** Later than the files of the contexts, whose times therefore show, and earlier than what the builds make. */
const EPOCH = "1700000000";

export const IMAGE_NAME = "moat.example/differential:latest";

/** A client: builds a case from a context folder on the builder at an address. */
export type Client = (
  test: Case,
  context: string,
  address: string,
  environment: TestEnvironment,
) => Promise<Outcome>;

/** Completes what the case says. */
export function requestOf(test: Case, context: string, environment: TestEnvironment): Request {
  const dockerfile = join(context, test.options.dockerfile ?? "Dockerfile");
  const usesBase = Deno.readTextFileSync(dockerfile).includes("ARG BASE");
  return {
    context,
    dockerfile,
    buildArgs: {
      ...test.options.buildArgs,
      ...(usesBase ? { BASE: environment.baseImage } : {}),
      SOURCE_DATE_EPOCH: EPOCH,
    },
  };
}

/** A step's state, as the daemon reports it. */
export interface RawVertex {
  digest: string;
  name?: string;
  cached?: boolean;
  completed?: unknown;
}

/** The last word about each step. */
export function finishedSteps(vertexes: RawVertex[]): Step[] {
  const last = new Map<string, Step>();
  for (const { digest, name = "", cached = false, completed } of vertexes) {
    if (completed !== undefined) last.set(digest, { name, cached });
  }
  return [...last.values()];
}
