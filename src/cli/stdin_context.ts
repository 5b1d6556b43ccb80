/** `build -`: an archive or a Dockerfile from stdin, told apart by how it begins, as buildx does. */
import { ARCHIVE_HEAD, isArchive } from "../context/archive_magic.ts";
import { concat } from "../rpc/concat.ts";
import type { BuildOptions } from "../types.ts";
import type { Io } from "./io.ts";
import { UsageError } from "./usage_error.ts";

/** More than any Dockerfile: what a mistaken pipe may fill memory with. */
const MAX_DOCKERFILE = 64 << 20;

/** The build's context and Dockerfile; `file` is what `-f` says. Throws a `UsageError` for what is neither. */
export async function stdinContext(
  file: string | undefined,
  io: Io,
): Promise<Pick<BuildOptions, "context" | "dockerfile">> {
  if (file === "-") {
    throw new UsageError(
      "stdin can't be both the context and the Dockerfile",
      "Give the Dockerfile's path in the archive with -f, or a folder as the context",
    );
  }
  refuseTerminal(io, "tar -c . | moat-build build -");
  const reader = io.openStdin().getReader();
  const head = await readUntil(reader, ARCHIVE_HEAD);
  if (isArchive(head)) {
    return {
      context: rejoin(head, reader),
      ...(file !== undefined && { dockerfile: { path: file } }),
    };
  }
  if (file !== undefined) {
    await reader.cancel();
    throw new UsageError(
      `stdin is no archive but a Dockerfile, and so is -f ${file}`,
      "Leave -f out, or pipe a tar archive",
    );
  }
  const rest = await readUntil(reader, MAX_DOCKERFILE - head.length);
  await reader.cancel();
  return { context: {}, dockerfile: dockerfileText(concat([head, rest])) };
}

/** Refuses to wait for someone to type an archive. `example` is what would work. Throws a `UsageError`. */
export function refuseTerminal(io: Io, example: string): void {
  if (!io.stdinIsTerminal) return;
  throw new UsageError("stdin is a terminal, and nothing is piped in", `Write ${example}`);
}

function dockerfileText(bytes: Uint8Array): string {
  if (bytes.length === 0) {
    throw new UsageError("stdin is empty", "Pipe a tar archive or a Dockerfile into it");
  }
  if (bytes.length < MAX_DOCKERFILE && !bytes.includes(0)) return new TextDecoder().decode(bytes);
  throw new UsageError(
    "stdin is neither a tar archive nor a Dockerfile",
    "An archive may be plain or compressed with gzip, bzip2, xz or zstd",
  );
}

/** So many bytes or somewhat more; fewer at the stream's end. */
async function readUntil(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  size: number,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for (let length = 0; length < size;) {
    const { value } = await reader.read();
    if (value === undefined) break;
    chunks.push(value);
    length += value.length;
  }
  return concat(chunks);
}

/** A stream of what was read already and the rest. */
function rejoin(
  head: Uint8Array,
  reader: ReadableStreamDefaultReader<Uint8Array>,
): ReadableStream<Uint8Array> {
  let first: Uint8Array | undefined = head;
  return new ReadableStream({
    async pull(controller) {
      const value = first ?? (await reader.read()).value;
      first = undefined;
      if (value === undefined) controller.close();
      else controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  }, { highWaterMark: 0 });
}
