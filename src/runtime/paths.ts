/** What is at a path, symlinks followed, by whichever call costs the runtime least to load. */
import { builtin } from "./builtin.ts";
import { deno } from "./deno.ts";

/** What a path leads to. */
export interface FileKind {
  readonly isFile: boolean;
  readonly isDirectory: boolean;
}

/** What is at `path`, symlinks followed. Throws the runtime's error if nothing is there. */
export function fileKind(path: string): FileKind {
  if (deno !== undefined) return deno.statSync(path);
  const stat = builtin("fs").statSync(path);
  return { isFile: stat.isFile(), isDirectory: stat.isDirectory() };
}

/** A file's content. Throws the runtime's error. */
export function readWhole(path: string): Uint8Array {
  return deno === undefined ? builtin("fs").readFileSync(path) : deno.readFileSync(path);
}
