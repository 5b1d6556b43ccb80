/** The files that `build` writes about its result, as buildx does. */
import { rename, rm, writeFile } from "node:fs/promises";

/**
 * Writes `--metadata-file`: JSON with sorted keys and two spaces of indent, `<`, `>` and `&` escaped as Go does. Readers never
 * see half a file.
 */
export async function writeMetadataFile(
  path: string,
  metadata: Readonly<Record<string, unknown>>,
): Promise<void> {
  const keys = Object.keys(metadata).sort();
  const json = JSON.stringify(Object.fromEntries(keys.map((key) => [key, metadata[key]])), null, 2);
  await replaceFile(path, json.replace(/[<>&\u2028\u2029]/g, escapeCharacter));
}

/** Writes `--iidfile`: the image id, no newline. */
export async function writeImageIdFile(path: string, imageId: string): Promise<void> {
  await replaceFile(path, imageId);
}

/** Takes an earlier build's file away, so that a failed build does not leave its id. */
export async function removeImageIdFile(path: string): Promise<void> {
  await rm(path, { force: true });
}

/** Writes a file that readers never see half of. */
export async function replaceFile(path: string, text: string): Promise<void> {
  const temporary = `${path}.${crypto.randomUUID()}.tmp`;
  try {
    await writeFile(temporary, text, { flag: "wx", mode: 0o644 });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

function escapeCharacter(char: string): string {
  return "\\u" + char.charCodeAt(0).toString(16).padStart(4, "0");
}
