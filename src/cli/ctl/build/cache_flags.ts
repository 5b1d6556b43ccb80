/** `--export-cache` and `--import-cache`, in buildctl's grammar (cmd/buildctl/build/{export,import}cache.go). */
import type { Environment } from "../../../environment.ts";
import type { CacheEntry } from "../../../parts/caches/entry.ts";
import { addGithubAccess } from "../../../parts/caches/github.ts";
import { UsageError } from "../../usage_error.ts";
import { parseTypedAttrs, type TypedAttrs } from "./attrs_flag.ts";

/** What a cache must have. */
const NEEDS: Readonly<Record<string, Readonly<Record<string, [key: string, error: string]>>>> = {
  "--export-cache": {
    local: ["dest", "local cache exporter requires dest"],
    registry: ["ref", "registry cache exporter requires ref"],
  },
  "--import-cache": {
    local: ["src", "local cache importer requires src"],
    registry: ["ref", "registry cache importer requires ref"],
  },
};

/** Where results are left; always with a mode. Throws a `UsageError`. */
export function parseExportCaches(items: readonly string[], env: Environment): CacheEntry[] {
  return items.map((item) => {
    const entry = parseCache("--export-cache", item, env);
    if (!entry.attrs.has("mode")) entry.attrs.set("mode", "min");
    return entry;
  });
}

/** Where results are taken from. Throws a `UsageError`. */
export function parseImportCaches(items: readonly string[], env: Environment): CacheEntry[] {
  return items.map((item) => parseCache("--import-cache", item, env));
}

/** What does not speak of a type is a registry's image, as it was in the beginning. */
function parseCache(flag: string, item: string, env: Environment): CacheEntry {
  const { type, attrs }: TypedAttrs = item.includes("type=")
    ? parseTypedAttrs(flag, item)
    : { type: "registry", attrs: new Map([["ref", item]]) };
  const entry = { option: flag, type, attrs };
  const lacking = type === "gha" ? addGithubAccess(entry, env) : undefined;
  if (lacking !== undefined) throw new UsageError(`cache with type gha: ${lacking}`);
  const needs = Object.hasOwn(NEEDS[flag]!, type) ? NEEDS[flag]![type] : undefined;
  if (needs !== undefined && !attrs.get(needs[0])) throw new UsageError(needs[1]);
  return entry;
}
