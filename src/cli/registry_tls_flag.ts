/** `--registry-auth-tlscontext`, in buildctl's grammar. */
import { nearest } from "../nearest.ts";
import type { RegistryTlsOptions } from "../types.ts";
import { csvFields } from "./csv_fields.ts";
import { cutPair } from "./key_value_flag.ts";
import { parseBool } from "./parse_bool.ts";
import { UsageError } from "./usage_error.ts";

const FLAG = "--registry-auth-tlscontext";
const KEYS = ["host", "ca", "cert", "key", "insecure"] as const;
const EXAMPLE = `Write ${FLAG} host=registry.example,ca=ca.pem`;

/** TLS by registry; several flags for one add up. Throws a `UsageError`. */
export function parseRegistryTls(items: readonly string[]): Record<string, RegistryTlsOptions> {
  const all = new Map<string, RegistryTlsOptions>();
  for (const text of items) {
    const { host, insecure, ...files } = fieldsOf(text);
    if (!host) throw new UsageError(`${FLAG} "${text}" has no host`, EXAMPLE);
    const on = insecure === undefined ? undefined : parseBool(insecure);
    if (insecure !== undefined && on === undefined) {
      throw new UsageError(`${FLAG} "${text}": insecure is true or false, not "${insecure}"`);
    }
    if ((files.cert === undefined) !== (files.key === undefined)) {
      throw new UsageError(`${FLAG} "${text}": cert and key belong together`);
    }
    const before = all.get(host) ?? {};
    const twice = Object.keys(files).find((key) => key in before);
    if (twice !== undefined) {
      throw new UsageError(
        `${FLAG} gives ${twice} of ${host} twice`,
        "Put several certificates into one file",
      );
    }
    const added = { ...before, ...files, ...(on && { insecure: true }) };
    if (Object.keys(added).length === 0 && on === undefined) {
      throw new UsageError(`${FLAG} "${text}" has neither ca, cert and key, nor insecure`, EXAMPLE);
    }
    all.set(host, added);
  }
  return Object.fromEntries(all);
}

function fieldsOf(text: string): Partial<Record<typeof KEYS[number], string>> {
  const fields: Partial<Record<typeof KEYS[number], string>> = {};
  for (const field of csvFields(FLAG, text)) {
    const { key, value } = cutPair(field);
    if (!value) throw new UsageError(`${FLAG} "${text}": "${field}" is not KEY=VALUE`, EXAMPLE);
    const name = KEYS.find((known) => known === key.trim().toLowerCase());
    if (name === undefined) {
      const near = nearest(key, KEYS);
      throw new UsageError(
        `${FLAG} "${text}": there is no key ${key}`,
        near === undefined ? `Keys are ${KEYS.join(", ")}` : `Did you mean ${near}?`,
      );
    }
    fields[name] = value;
  }
  return fields;
}
