/** `--opt` and the other flags of the form `KEY=VALUE` (cmd/buildctl/build/{opt,local,ocilayout}.go). */
import type { Environment } from "../../../environment.ts";
import { cutPair } from "../../key_value_flag.ts";
import { UsageError } from "../../usage_error.ts";

const BUILD_ARG = "build-arg:";
const EPOCH = "SOURCE_DATE_EPOCH";

/**
 * The frontend's attributes: SOURCE_DATE_EPOCH of the environment, then the flags; `build-arg:NAME` alone takes the
 * environment's value, and says nothing where there is none. Throws a `UsageError`.
 */
export function parseOpts(items: readonly string[], env: Environment): Map<string, string> {
  const epoch = env(EPOCH);
  const resolved = items.flatMap((item) => {
    const name = item.startsWith(BUILD_ARG) ? item.slice(BUILD_ARG.length) : "";
    if (name === "" || name.includes("=")) return [item];
    const value = env(name);
    return value === undefined ? [] : [`${item}=${value}`];
  });
  const inherited = epoch === undefined ? [] : [[`${BUILD_ARG}${EPOCH}`, epoch] as const];
  return new Map([...inherited, ...parsePairs("opt", resolved)]);
}

/** Pairs; a later one replaces an earlier one of the same key. Throws a `UsageError`. */
export function parsePairs(what: string, items: readonly string[]): Map<string, string> {
  return new Map(items.map((item) => {
    const { key, value } = cutPair(item);
    if (value === undefined) throw new UsageError(`invalid ${what}: invalid value ${item}`);
    return [key, value];
  }));
}
