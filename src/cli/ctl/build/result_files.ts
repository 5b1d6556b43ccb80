/** The files that `ctl build` writes about a build (cmd/buildctl/build.go). */
import { decodeMetadata } from "../../../metadata.ts";
import { replaceFile, writeMetadataFile } from "../../result_files.ts";

/** Writes `--metadata-file`: objects that are in base64 as objects, all else as text. */
export async function writeCtlMetadata(
  path: string,
  response: ReadonlyMap<string, string>,
): Promise<void> {
  const decoded = decodeMetadata(response);
  for (const [key, value] of response) if (Array.isArray(decoded[key])) decoded[key] = value;
  await writeMetadataFile(path, decoded);
}

/** Writes `--ref-file`. */
export async function writeRef(path: string, ref: string): Promise<void> {
  await replaceFile(path, ref);
}
