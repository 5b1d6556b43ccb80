/** Blobs of the builder's store, to standard output. */
import type { BuildKitClient } from "../../client.ts";
import { Content } from "../../gen/content.ts";
import type { Io } from "../io.ts";
import { UsageError } from "../usage_error.ts";

const DIGEST_REGEXP = /^(sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128})$/;

/** A digest as it was given. Throws a `UsageError`. */
export function parseDigest(text: string): string {
  if (DIGEST_REGEXP.test(text)) return text;
  throw new UsageError("invalid checksum digest format");
}

/** Writes a blob, no faster than it is taken. */
export async function printBlob(
  client: BuildKitClient,
  digest: string,
  io: Io,
  signal: AbortSignal,
): Promise<void> {
  // Asked first, so that a blob that is not there is an error and not an empty one.
  await client.call(Content.info, { digest }, { signal });
  const writer = io.stdout.open().getWriter();
  for await (const { data } of client.stream(Content.read, { digest }, { signal })) {
    await writer.write(data);
  }
  await writer.close();
}
