/** Ignore files, read as BuildKit's frontend does (moby/patternmatcher ignorefile): the classic builder leaves that to its client. */
import { cleanPath } from "../files/clean_path.ts";

/** The patterns of an ignore file, ready for a matcher. */
export function parseIgnoreFile(content: Uint8Array): string[] {
  // The decoder takes a byte order mark away.
  return new TextDecoder().decode(content).split("\n").flatMap(parseLine);
}

function parseLine(line: string): string[] {
  // Only in the first column: elsewhere it is a name's.
  if (line.startsWith("#")) return [];
  const pattern = line.trim();
  if (pattern === "") return [];
  const inverted = pattern.startsWith("!");
  const path = inverted ? pattern.slice(1).trim() : pattern;
  return [(inverted ? "!" : "") + (path === "" ? "" : relative(cleanPath(path)))];
}

/** A leading slash means the context's root, which everything is relative to. */
function relative(path: string): string {
  return path.length > 1 && path.startsWith("/") ? path.slice(1) : path;
}
