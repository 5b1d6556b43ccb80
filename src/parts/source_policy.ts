/** `sourcePolicy`: what sources the build may use, by rules or by a function (sourcepolicy/pb). */
import { OptionError, UnsupportedError } from "../errors.ts";
import { AttrMatch, MatchType, type Policy, PolicyAction, type Rule } from "../gen/policy.ts";
import { refuseUnknown, show } from "../options.ts";
import type { BuildOptions, SourcePolicy, SourceRule } from "../types.ts";
import { needsVersion } from "./needs_version.ts";
import type { BuildPart } from "./part.ts";

const OPTION = "sourcePolicy";

/** The first minor versions that know rules, and that ask. */
const RULES_SINCE = 11;
const FUNCTION_SINCE = 26;

/** Sends rules with the request, or serves the function. */
export async function sourcePolicyPart({ sourcePolicy }: BuildOptions): Promise<BuildPart> {
  if (sourcePolicy === undefined) return {};
  if (typeof sourcePolicy !== "function") {
    return { request: { sourcePolicy: rules(sourcePolicy) }, forBuilder: since(RULES_SINCE) };
  }
  const { policyHandlers } = await import("../session/policy.ts");
  let asked = false;
  return {
    handlers: policyHandlers(sourcePolicy, () => asked = true),
    forBuilder: since(FUNCTION_SINCE, "a function as sourcePolicy"),
    beforeFiles() {
      // The context and the Dockerfile are sources themselves, which are asked about before they are read.
      if (asked) return;
      throw new UnsupportedError(
        "source.policy.session",
        "The builder does not ask the function in sourcePolicy. Give rules instead, or use BuildKit v0.26 or later",
      );
    },
  };
}

/** Builders that do not know it would build what the policy forbids. Docker's classic builder knows none, and says so. */
function since(minor: number, what = OPTION): NonNullable<BuildPart["forBuilder"]> {
  return async (builder) => {
    await needsVersion(builder, minor, what);
    return {};
  };
}

function rules(policy: SourcePolicy): Policy {
  checkObject(policy, ["version", "rules"], OPTION);
  const { version = 1, rules } = policy;
  if (!Number.isInteger(version)) {
    throw new OptionError(`${OPTION}.version`, `${show(version)} is no version`, "1");
  }
  const list = checkList(rules, `${OPTION}.rules`);
  return {
    version: BigInt(version),
    rules: list.map((rule, i) => ruleOf(rule, `${OPTION}.rules[${i}]`)),
  };
}

function ruleOf(rule: SourceRule, option: string): Rule {
  checkObject(rule, ["action", "selector", "updates"], option);
  const { action, selector, updates } = rule;
  checkObject(selector, ["identifier", "matchType", "constraints"], `${option}.selector`);
  const { identifier, matchType = "WILDCARD", constraints = [] } = selector;
  return {
    action: oneOf(PolicyAction, action, `${option}.action`),
    selector: {
      identifier: checkText(identifier, `${option}.selector.identifier`),
      matchType: oneOf(MatchType, matchType, `${option}.selector.matchType`),
      constraints: checkList(constraints, `${option}.selector.constraints`).map((constraint, i) => {
        const within = `${option}.selector.constraints[${i}]`;
        checkObject(constraint, ["key", "value", "condition"], within);
        return {
          key: checkText(constraint.key, `${within}.key`),
          value: checkText(constraint.value, `${within}.value`),
          condition: oneOf(AttrMatch, constraint.condition ?? "EQUAL", `${within}.condition`),
        };
      }),
    },
    ...(updates !== undefined && { updates: updateOf(updates, `${option}.updates`) }),
  };
}

function updateOf(
  updates: NonNullable<SourceRule["updates"]>,
  option: string,
): NonNullable<Rule["updates"]> {
  checkObject(updates, ["identifier", "attrs"], option);
  const { identifier = "", attrs = {} } = updates;
  checkObject(attrs, Object.keys(attrs ?? {}), `${option}.attrs`);
  return {
    identifier: checkText(identifier, `${option}.identifier`),
    attrs: new Map(
      Object.entries(attrs).map(([key, value]) => [
        key,
        checkText(value, `${option}.attrs[${JSON.stringify(key)}]`),
      ]),
    ),
  };
}

function checkObject(value: unknown, known: readonly string[], option: string): void {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new OptionError(option, value === undefined ? "it is missing" : "it is no object");
  }
  refuseUnknown(value, known, option);
}

function checkList<T>(value: readonly T[], option: string): readonly T[] {
  if (Array.isArray(value)) return value;
  throw new OptionError(option, value === undefined ? "it is missing" : "it is no list");
}

function checkText(value: unknown, option: string): string {
  if (typeof value === "string") return value;
  throw new OptionError(option, value === undefined ? "it is missing" : "it is no text");
}

function oneOf(names: Readonly<Record<string, number>>, name: string, option: string): number {
  const number = typeof name === "string" && Object.hasOwn(names, name) ? names[name] : undefined;
  if (number !== undefined) return number;
  const known = Object.keys(names).join(", ");
  throw new OptionError(option, `${show(name)} is none of ${known}`);
}
