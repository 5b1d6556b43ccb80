/** The consent that `-o type=local,mode=delete` wants (buildx build/opt.go). */
import { realpathSync } from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import type { LocalOutput, Output } from "../types.ts";
import { LOCAL_DELETE } from "./allow_flag.ts";
import { UsageError } from "./usage_error.ts";

/**
 * Lets outputs that remove what the result does not have go only below the working directory, unless `granted`: what is
 * elsewhere may be somebody's own. Throws a `UsageError`.
 */
export function checkLocalDelete(outputs: readonly Output[], granted: boolean): void {
  if (granted) return;
  for (const output of outputs) {
    if (output.type !== "local" || !removesOthers(output)) continue;
    const dest = output.dest instanceof URL ? fileURLToPath(output.dest) : output.dest;
    if (isBelow(real(process.cwd()), real(resolve(dest)))) continue;
    throw new UsageError(
      `--output with mode=delete would remove what else is in "${dest}", which is not below the working directory`,
      `Allow it with --allow ${LOCAL_DELETE}`,
    );
  }
}

function removesOthers({ mode, attrs }: LocalOutput): boolean {
  return (attrs?.mode ?? mode)?.trim().toLowerCase() === "delete";
}

function isBelow(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== "" && way !== ".." && !way.startsWith(`..${sep}`) && resolve(way) !== way;
}

/** A path without symbolic links, as far as it exists. */
function real(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    // What is to be made has no links yet; its parent may.
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT" && dirname(path) !== path;
    if (missing) return join(real(dirname(path)), basename(path));
    throw error;
  }
}
