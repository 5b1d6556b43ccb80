/** `--source-policy-file`: rules in buildctl's JSON, which has protobuf's names. */
import { readFile } from "node:fs/promises";
import type { SourcePolicy } from "../types.ts";
import { UsageError } from "./usage_error.ts";

/** Names by protobuf's numbers, which such a file may also have. */
const ACTIONS = ["ALLOW", "DENY", "CONVERT"];
const MATCH_TYPES = ["WILDCARD", "EXACT", "REGEX"];
const CONDITIONS = ["EQUAL", "NOTEQUAL", "MATCHES"];

type Bag = Record<string, unknown>;

/** Reads a file; `flag` is what names it, for messages. Throws a `UsageError`; the rules are checked by the library. */
export async function readSourcePolicy(flag: string, path: string): Promise<SourcePolicy> {
  try {
    return parseSourcePolicy(await readFile(path, "utf8"));
  } catch (error) {
    throw new UsageError(`${flag} "${path}": ${(error as Error).message}`);
  }
}

/** Rules from JSON text. Throws a `SyntaxError`. */
export function parseSourcePolicy(text: string): SourcePolicy {
  const policy: unknown = JSON.parse(text);
  if (!isBag(policy)) throw new SyntaxError("it is no JSON object");
  const { rules } = policy;
  return {
    ...policy,
    // Go writes no list at all for an empty one.
    rules: rules === undefined || rules === null ? [] : each(rules, ruleOf),
  } as unknown as SourcePolicy;
}

function ruleOf(rule: Bag): Bag {
  const { action = 0, selector, ...rest } = rule;
  return {
    ...rest,
    action: named(ACTIONS, action),
    ...(selector !== undefined && { selector: isBag(selector) ? selectorOf(selector) : selector }),
  };
}

function selectorOf({ match_type, matchType = match_type, constraints, ...rest }: Bag): Bag {
  return {
    ...rest,
    ...(matchType !== undefined && { matchType: named(MATCH_TYPES, matchType) }),
    ...(constraints !== undefined && constraints !== null && {
      constraints: each(constraints, ({ condition = 0, ...constraint }) => ({
        ...constraint,
        condition: named(CONDITIONS, condition),
      })),
    }),
  };
}

/** A list with its objects changed; what is none is left for the check to come. */
function each(list: unknown, change: (item: Bag) => Bag): unknown {
  if (!Array.isArray(list)) return list;
  return list.map((item) => isBag(item) ? change(item) : item);
}

function named(names: readonly string[], value: unknown): unknown {
  return typeof value === "number" ? names[value] ?? value : value;
}

function isBag(value: unknown): value is Bag {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
