/** `sourceDateEpoch`: the latest time in a result. */
import { OptionError } from "../errors.ts";
import { show } from "../options.ts";
import type { BuildOptions } from "../types.ts";
import type { BuildPart } from "./part.ts";

const ARG = "SOURCE_DATE_EPOCH";

/** Hands the time to the frontend as the build argument of this name; the daemon tells it to all exporters as well. */
export function sourceDateEpochPart({ sourceDateEpoch, buildArgs = {} }: BuildOptions): BuildPart {
  const seconds = sourceDateEpoch instanceof Date
    ? Math.floor(sourceDateEpoch.getTime() / 1000)
    : sourceDateEpoch;
  if (typeof seconds !== "number" || !Number.isSafeInteger(seconds) || seconds < 0) {
    throw new OptionError(
      "sourceDateEpoch",
      `${show(sourceDateEpoch)} is neither a date nor whole seconds since 1970`,
      "new Date(0), or 1700000000",
    );
  }
  const arg = Object.hasOwn(buildArgs, ARG) ? buildArgs[ARG] : undefined;
  if (arg !== undefined && arg !== String(seconds)) {
    throw new OptionError(
      "sourceDateEpoch",
      `it is ${seconds}, but buildArgs.${ARG} is ${show(arg)}; leave one of them out`,
    );
  }
  return { attrs: { [`build-arg:${ARG}`]: String(seconds) } };
}
