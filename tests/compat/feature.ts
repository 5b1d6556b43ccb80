/** What is tried on builders of every age. */
import { MoatError } from "../../src/errors.ts";
import type { TestEnvironment } from "../support/env.ts";

/** What a feature is tried with. */
export interface World extends Pick<TestEnvironment, "registry" | "baseImage"> {
  /** The builder; for a Docker engine nothing, since DOCKER_HOST names it then. */
  readonly on: { readonly address?: string };
  /** An image that makes SBOMs. */
  readonly scanner: string;
  /** Whether steps can have a network of their own. */
  readonly network: boolean;
}

/** Something that a user may want of a builder. */
export interface Feature {
  readonly group: string;
  /** For the table, in a user's words. */
  readonly what: string;
  /** Uses it, and throws if it has not worked; also if the builder has passed it over in silence. */
  readonly attempt: (world: World) => Promise<void>;
  /** Old builders may have it or not: it depends on how long ago something was. */
  readonly inTime?: boolean;
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
    if (error instanceof Absent) return "no";
    if (error instanceof NotTried) return "not tried";
    if (!(error instanceof MoatError) || !NOT_HERE.has(error.code)) throw error;
    const version = /BuildKit (v\d+\.\d+)/.exec(error.message)?.[1];
    return version === undefined ? "no" : `from ${version}`;
  }
}

/** Codes of errors that say that this kind of builder can't do it. */
const NOT_HERE = new Set(["FRONTEND_TOO_OLD", "INVALID_OPTION", "UNSUPPORTED_BY_BUILDER"]);

/** Thrown by attempts that this machine can't make. */
export class NotTried extends Error {}

/** Thrown by attempts at what a builder may lack without an error, as our documentation says. */
export class Absent extends Error {}
