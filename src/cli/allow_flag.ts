import { UsageError } from "./usage_error.ts";

/** buildx's name for what is granted to this side and not to the builder. */
export const LOCAL_DELETE = "buildx.local.delete";

/** What `--allow` grants: to the builder, and whether folders outside the working directory may be emptied. */
export function parseAllow(items: readonly string[]): { allow: string[]; localDelete: boolean } {
  if (items.some((item) => item.startsWith(`${LOCAL_DELETE}=`))) {
    throw new UsageError(`--allow ${LOCAL_DELETE} takes no value`);
  }
  return {
    allow: items.filter((item) => item !== "" && item !== LOCAL_DELETE),
    localDelete: items.includes(LOCAL_DELETE),
  };
}
