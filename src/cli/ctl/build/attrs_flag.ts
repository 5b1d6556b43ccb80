/** `type=TYPE,key=value,...`: the grammar that outputs and caches share in buildctl. */
import { csvFields } from "../../csv_fields.ts";
import { cutPair } from "../../key_value_flag.ts";
import { UsageError } from "../../usage_error.ts";

/** Something with a type and attributes, by the daemon's names. */
export interface TypedAttrs {
  readonly type: string;
  readonly attrs: Map<string, string>;
}

/** Takes one flag apart. Keys are lower-cased, later ones replace earlier ones. Throws a `UsageError`. */
export function parseTypedAttrs(flag: string, text: string): TypedAttrs {
  const attrs = new Map<string, string>();
  for (const field of csvFields(flag, text)) {
    const { key, value } = cutPair(field);
    // What is wrong may be a piece of a secret.
    if (value === undefined) throw new UsageError(`invalid value ${shown(field, attrs)}`);
    attrs.set(key.toLowerCase(), value);
  }
  const type = attrs.get("type") ?? "";
  attrs.delete("type");
  if (type === "") throw new UsageError(`${flag} requires type=<type>`);
  return { type, attrs };
}

function shown(field: string, before: ReadonlyMap<string, string>): string {
  return [...before.keys()].some((key) => /token|secret|access_key/.test(key)) ? "***" : field;
}
