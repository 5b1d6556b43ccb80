/** Caches outside the builder: `cacheFrom` and `cacheTo` (client/solve.go, buildx build/opt.go). */
import type { ContentStore } from "../content/store.ts";
import type { BuildOptions } from "../types.ts";
import { addAwsKeys } from "./caches/aws.ts";
import { checkEngineExports } from "./caches/engine.ts";
import { type CacheEntry, cacheEntry } from "./caches/entry.ts";
import { SOURCES, TARGETS } from "./caches/fields.ts";
import { addGithubAccess } from "./caches/github.ts";
import { LocalExport } from "./caches/local_export.ts";
import { openLocalImport } from "./caches/local_import.ts";
import type { BuildPart, PartScope } from "./part.ts";

/** Whether a build argument asks for a cache within the image, as it does everywhere. */
export function wantsInlineCache({ buildArgs }: BuildOptions): boolean {
  return /^(?:1|t|true)$/i.test(buildArgs?.BUILDKIT_INLINE_CACHE ?? "");
}

/**
 * Serves `cacheFrom` and `cacheTo`. What can't be imported is left out with a warning, and so is GitHub's cache outside of a
 * workflow: the build is the same, only slower.
 */
export async function cachesPart(options: BuildOptions, scope: PartScope): Promise<BuildPart> {
  const sources =
    options.cacheFrom?.map((source, i) => cacheEntry(source, SOURCES, `cacheFrom[${i}]`)) ?? [];
  const targets =
    options.cacheTo?.map((target, i) => cacheEntry(target, TARGETS, `cacheTo[${i}]`)) ?? [];
  if (wantsInlineCache(options) && !targets.some(({ type }) => type === "inline")) {
    targets.push({ option: "buildArgs.BUILDKIT_INLINE_CACHE", type: "inline", attrs: new Map() });
  }
  const from = (await usable(sources, scope)).flatMap(eachName);
  return await openCaches(from, await usable(targets, scope), scope);
}

/** Serves caches by the daemon's names, whatever they are. */
export async function openCaches(
  sources: readonly CacheEntry[],
  targets: readonly CacheEntry[],
  scope: PartScope,
): Promise<BuildPart> {
  const stores = new Map<string, ContentStore>();
  const imports = await openImports(sources, stores, scope);
  const local = targets.filter(({ type }) => type === "local")
    .map((entry) => new LocalExport(entry, scope.signal));
  // A folder that is both may be written to.
  for (const { storeId, store } of local) stores.set(storeId, store);
  const cache = { imports: imports.map(encode), exports: targets.map(encode) };
  return {
    ...(imports.length > 0 && { attrs: { "cache-imports": describe(imports) } }),
    request: { cache },
    stores,
    forBuilder: (builder) => checkEngineExports(targets, builder),
    async commit(response) {
      for (const target of local) await target.commit(response, scope.logger);
    },
    async discard() {
      for (const target of local) await target.release();
    },
  };
}

async function openImports(
  sources: readonly CacheEntry[],
  stores: Map<string, ContentStore>,
  scope: PartScope,
): Promise<CacheEntry[]> {
  const imports: CacheEntry[] = [];
  for (const entry of sources) {
    if (entry.type !== "local") {
      imports.push(entry);
      continue;
    }
    const opened = await openLocalImport(entry);
    if (typeof opened === "string") {
      scope.logger?.warn?.(`cache ${entry.attrs.get("src")} not imported: ${opened}`);
      continue;
    }
    stores.set(opened.storeId, opened.store);
    imports.push(opened.entry);
  }
  return imports;
}

/** The entries that can work, with what this side knows about their services. */
async function usable(
  entries: readonly CacheEntry[],
  { env, logger }: PartScope,
): Promise<CacheEntry[]> {
  const kept: CacheEntry[] = [];
  for (const entry of entries) {
    const lacking = entry.type === "gha" ? addGithubAccess(entry, env) : undefined;
    if (lacking !== undefined) {
      logger?.warn?.(`${entry.option}: GitHub's cache is not used: ${lacking}`);
      continue;
    }
    if (entry.type === "s3" && !await addAwsKeys(entry, env)) {
      logger?.warn?.(
        `${entry.option}: no AWS keys in the environment or ~/.aws; the builder uses its own, if it has any`,
      );
    }
    kept.push(entry);
  }
  return kept;
}

/** Of an import's names in S3 the daemon reads the first only (cache/remotecache/s3). */
function eachName(entry: CacheEntry): CacheEntry[] {
  const names = entry.type === "s3" ? entry.attrs.get("name")?.split(";") ?? [] : [];
  if (names.length < 2) return [entry];
  return names.map((name) => ({ ...entry, attrs: new Map([...entry.attrs, ["name", name]]) }));
}

function encode({ type, attrs }: CacheEntry): { type: string; attrs: Map<string, string> } {
  return { type, attrs };
}

/** The imports as the frontend takes them: what Go makes of them in JSON. */
function describe(imports: readonly CacheEntry[]): string {
  return JSON.stringify(imports.map(({ type, attrs }) => {
    const sorted = [...attrs].sort(([a], [b]) => a < b ? -1 : 1);
    return { Type: type, Attrs: Object.fromEntries(sorted) };
  }));
}
