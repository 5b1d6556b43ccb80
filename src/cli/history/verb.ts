/** What the verbs of `history` share. */
import type { BuildKitClient } from "../../client.ts";
import { OptionError } from "../../errors.ts";
import type { ConnectionChoice } from "../connection_flags.ts";
import type { Io } from "../io.ts";
import { UsageError } from "../usage_error.ts";
import { withClient } from "../with_client.ts";

/** Does a verb's work; what was wrong with a BUILD becomes a `UsageError`. */
export async function withHistory<T>(
  choice: ConnectionChoice,
  io: Io,
  work: (client: BuildKitClient, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  try {
    return await withClient(choice, io, work);
  } catch (error) {
    const known = error instanceof OptionError && ["ref", "digest"].includes(error.option);
    if (known) throw new UsageError(error.problem, "See moat-build history ls");
    throw error;
  }
}

/** The only BUILD of a command line; empty for the newest. */
export function atMostOneBuild(verb: string, positionals: readonly string[]): string {
  const [ref = "", ...more] = positionals;
  if (more.length === 0) return ref;
  throw new UsageError(`history ${verb} takes one build, but got ${positionals.join(" ")}`);
}
