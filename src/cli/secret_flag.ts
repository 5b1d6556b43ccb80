/** `--secret`, in buildx's grammar. */
import type { Environment } from "../environment.ts";
import { nearest } from "../nearest.ts";
import type { SecretSource } from "../types.ts";
import { csvFields } from "./csv_fields.ts";
import { cutPair } from "./key_value_flag.ts";
import { UsageError } from "./usage_error.ts";

const EXAMPLE = "Write --secret id=token,src=token.txt or --secret id=token,env=TOKEN";

const KEYS = ["id", "src", "source", "env", "type"];

/**
 * The secrets of `--secret id=ID[,src=FILE|,env=VARIABLE][,type=file|env]`; a later one replaces an earlier one of the same id.
 * With the id alone, that is the variable's name if it is set, else the file's. Throws a `UsageError`.
 */
export function parseSecrets(
  items: readonly string[],
  env: Environment,
): Record<string, SecretSource> {
  // An empty one is what is left of a script's variable that is not set.
  return Object.fromEntries(
    items.filter((item) => item !== "").map((item) => parseSecret(item, env)),
  );
}

function parseSecret(item: string, env: Environment): [id: string, source: SecretSource] {
  const fields = new Map(csvFields("--secret", item).map((field) => parseField(item, field)));
  const { id = "", type } = Object.fromEntries(fields);
  const src = fields.get("src") || undefined;
  const variable = fields.get("env") || undefined;
  if (id === "") throw new UsageError(`--secret "${item}" has no id`, EXAMPLE);
  if (type !== undefined && type !== "file" && type !== "env") {
    throw new UsageError(
      `--secret "${item}" has the unknown type "${type}"`,
      "Types are file, env",
    );
  }
  if (variable !== undefined && (src !== undefined || type === "file")) {
    throw new UsageError(`--secret "${item}" names both a file and a variable`, EXAMPLE);
  }
  if (type === "env" || variable !== undefined) return [id, { env: variable ?? src ?? id }];
  if (src !== undefined || type === "file") return [id, { file: src ?? id }];
  return [id, env(id) === undefined ? { file: id } : { env: id }];
}

function parseField(item: string, field: string): [key: string, value: string] {
  const { key: written, value } = cutPair(field);
  const key = written.toLowerCase();
  if (value === undefined) {
    throw new UsageError(`--secret "${item}": "${field}" is not KEY=VALUE`, EXAMPLE);
  }
  if (!KEYS.includes(key)) {
    const guess = nearest(key, KEYS);
    const hint = guess === undefined ? "" : `; did you mean ${guess}?`;
    throw new UsageError(
      `--secret "${item}" has the unknown key "${written}"${hint}`,
      `Keys are ${KEYS.join(", ")}`,
    );
  }
  return [key === "source" ? "src" : key, value];
}
