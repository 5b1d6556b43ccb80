/** The builder refuses a rule of the ignore file, but does not say which (moby patternmatcher). */
import { MoatError } from "../errors.ts";
import { findIgnoreFile, type IgnoreRule } from "../files/ignore_file.ts";
import { PatternMatcher } from "../files/matcher.ts";
import type { Diagnosis, Failure } from "./failure.ts";

/** Recognises a malformed ignore file. */
export function invalidIgnoreFile({ message, facts }: Failure): Diagnosis | undefined {
  if (!/syntax error in pattern|illegal exclusion pattern/.test(message)) return undefined;
  const context = facts.trees.get("context");
  const dockerfile = facts.trees.get("dockerfile");
  if (context === undefined || dockerfile === undefined) return undefined;
  const file = findIgnoreFile(context, dockerfile, facts.filename);
  const rule = file?.rules.find(isMalformed);
  if (rule === undefined) return undefined;
  return {
    code: "IGNORE_FILE_INVALID",
    summary: `${file!.name} line ${rule.line} is malformed: ${rule.text}`,
    suggestions: ["Close brackets, put something after !, and write \\\\ for a backslash."],
  };
}

function isMalformed({ pattern }: IgnoreRule): boolean {
  try {
    new PatternMatcher([pattern]).matches("a");
    return false;
  } catch (error) {
    if (error instanceof MoatError) return true;
    throw error;
  }
}
