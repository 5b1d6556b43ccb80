/** `--call`, in buildx's grammar: `METHOD[,format=text|json][,ignorestatus=BOOL]`. */
import { nearest } from "../nearest.ts";
import { csvFields } from "./csv_fields.ts";
import { cutPair } from "./key_value_flag.ts";
import { parseBool } from "./parse_bool.ts";
import { UsageError } from "./usage_error.ts";

/** What to ask, and how to show the answer. */
export interface CallChoice {
  /** For example `frontend.lint`. */
  readonly requestId: string;
  readonly format: "text" | "json";
  /** Whether an answer that is no good leaves the exit code 0. */
  readonly ignoreStatus: boolean;
}

const KEYS = ["format", "ignorestatus"];

/**
 * Reads `--call` and `--check`, which is short for `--call=check`; undefined for an ordinary build. Throws a `UsageError`.
 */
export function parseCall(
  { call, check }: { call: string | undefined; check: boolean },
): CallChoice | undefined {
  const { method, format, ignoreStatus } = parseFields(call ?? "");
  if (check && method !== undefined && method !== "check" && method !== "lint") {
    throw new UsageError(`--check cannot be combined with --call ${call}`);
  }
  const name = check ? "check" : method ?? "build";
  if (name === "build") return undefined;
  // The method was called so before it had a flag of its own.
  return { requestId: `frontend.${name === "check" ? "lint" : name}`, format, ignoreStatus };
}

function parseFields(
  text: string,
): Omit<CallChoice, "requestId"> & { method: string | undefined } {
  let method: string | undefined;
  let format: CallChoice["format"] = "text";
  let ignoreStatus = false;
  for (const field of text === "" ? [] : csvFields("--call", text)) {
    const { key, value } = cutPair(field);
    if (value === undefined && method !== undefined) {
      throw new UsageError(`--call "${text}" names two methods`, "Give one, for example check");
    } else if (value === undefined) method = field;
    else if (key === "format") format = parseFormat(text, value);
    else if (key === "ignorestatus") ignoreStatus = parseSwitch(text, key, value);
    else {
      const near = nearest(key, KEYS);
      throw new UsageError(
        `--call "${text}": there is no key "${key}"`,
        `Keys are ${KEYS.join(", ")}${near === undefined ? "" : `; did you mean ${near}?`}`,
      );
    }
  }
  return { method, format, ignoreStatus };
}

function parseFormat(text: string, value: string): CallChoice["format"] {
  if (value === "text" || value === "json") return value;
  throw new UsageError(
    `--call "${text}": "${value}" is not a format`,
    "Formats are text and json",
  );
}

function parseSwitch(text: string, key: string, value: string): boolean {
  const on = parseBool(value);
  if (on !== undefined) return on;
  throw new UsageError(`--call "${text}": ${key} is true or false, not "${value}"`);
}
