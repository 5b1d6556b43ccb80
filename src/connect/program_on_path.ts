import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** The path of a program that may be run, found in the folders of `PATH`; undefined if there is none. */
export function programOnPath(program: string, path = ""): string | undefined {
  const folders = path.split(delimiter).filter((folder) => folder !== "");
  return folders.map((folder) => join(folder, program)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    // Not there, or not for us: both are what was asked.
    return false;
  }
}
