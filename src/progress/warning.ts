import type { VertexWarning } from "../gen/control.ts";

/** Equal for warnings that say the same: the daemon repeats a batch's warnings when it splits the batch's logs. */
export function warningKey(warning: VertexWarning): string {
  const { vertex, level, short, detail, url, info, ranges } = warning;
  const position = ranges.map(({ start, end }) => [start?.line, start?.character, end?.line]);
  return JSON.stringify([
    vertex,
    Number(level),
    decodeText(short),
    detail.map(decodeText),
    url,
    info?.filename,
    position,
  ]);
}

/** Bytes of a warning as text, bad UTF-8 replaced. */
export function decodeText(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
