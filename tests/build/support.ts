/** What the tests of `build()` share: folders with files, and a result's files read back. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { build } from "../../src/build.ts";
import type { BuildOptions } from "../../src/types.ts";
import { type TempFolder, tempFolder } from "../support/temp_folder.ts";

/** Copies the whole context into the result. */
export const COPY_ALL = "FROM scratch\nCOPY . /\n";

/** A folder with these files, gone at the end of an `await using` block. */
export function folderOf(files: Record<string, string>): TempFolder {
  const folder = tempFolder();
  writeFiles(folder.path, files);
  return folder;
}

/** Writes files and the folders that they need. */
export function writeFiles(folder: string, files: Record<string, string>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
}

/** The files under a folder, by path. */
export function readFiles(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  return Object.fromEntries(
    names.sort().map((name) => [name, readFileSync(join(folder, name), "utf8")]),
  );
}

/** Builds and reads the files of the result. */
export async function builtFiles(options: BuildOptions): Promise<Record<string, string>> {
  await using out = tempFolder();
  await build({ ...options, output: { type: "local", dest: out.path } });
  return readFiles(out.path);
}

/** Builds and counts the bytes of context that the daemon received, from its own status. */
export async function transferredBytes(options: BuildOptions): Promise<number> {
  let bytes = 0;
  for await (const event of build(options)) {
    if (event.type === "status" && event.id === "transferring context:") {
      bytes = Math.max(bytes, event.current);
    }
  }
  return bytes;
}
