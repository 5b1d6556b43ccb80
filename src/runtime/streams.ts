/** Telling streams by what they can do: under Deno asking for their class loads a library of them. */

/** Whether a value is a `ReadableStream`. */
export function isReadableStream(value: unknown): value is ReadableStream<Uint8Array> {
  return has(value, "getReader");
}

/** Whether a value is a `WritableStream`. */
export function isWritableStream(value: unknown): value is WritableStream<Uint8Array> {
  return has(value, "getWriter");
}

function has(value: unknown, method: string): boolean {
  return typeof value === "object" && value !== null &&
    typeof (value as Record<string, unknown>)[method] === "function";
}
