/** Paths in their shortest form. */
import { posix } from "../runtime/path.ts";

/**
 * The shortest path that means the same, by the text alone: no `.`, no `//`, no `..` that could be resolved, no slash at
 * the end; `.` for nothing (as Go's path.Clean).
 */
export function cleanPath(path: string): string {
  const normal = posix.normalize(path);
  return normal.length > 1 && normal.endsWith("/") ? normal.slice(0, -1) : normal;
}
