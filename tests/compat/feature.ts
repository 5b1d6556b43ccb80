/** What is tried on builders of every age. */
import { MoatError, UnsupportedError } from "../../src/errors.ts";
import type { TestEnvironment } from "../support/env.ts";

/** What a feature is tried with. */
export interface World extends Pick<TestEnvironment, "registry" | "baseImage"> {
  /** The builder; for a Docker engine nothing, since DOCKER_HOST names it then. */
  readonly on: { readonly address?: string };
  /** An image that makes SBOMs. */
  readonly scanner: string;
}

/** Something that a user may want of a builder. */
export interface Feature {
  readonly group: string;
  /** For the table, in a user's words. */
  readonly what: string;
  /** Uses it, and throws if it has not worked; also if the builder has passed it over in silence. */
  readonly attempt: (world: World) => Promise<void>;
}

/**
 * How an attempt ended, for the table: `yes`, the release that the builder would have to be, or that it was refused in words
 * which say why. What ends otherwise is thrown on.
 */
export async function outcome(feature: Feature, world: World): Promise<string> {
  try {
    await feature.attempt(world);
    return "yes";
  } catch (error) {
    if (error instanceof UnsupportedError) {
      return error.needs === undefined ? "no" : `from ${error.needs}`;
    }
    if (error instanceof MoatError && NOT_HERE.has(error.code)) return "no";
    throw error;
  }
}

/** Codes of errors that say that this kind of builder can't do it. */
const NOT_HERE = new Set(["FRONTEND_TOO_OLD", "INVALID_OPTION"]);
