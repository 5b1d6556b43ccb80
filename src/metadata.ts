/** What the daemon says about a result, decoded (client/solve.go, buildx util/metadata). */

/** Decodes an exporter response: base64 of a JSON object, or of a list of them, becomes that, everything else stays text. */
export function decodeMetadata(response: ReadonlyMap<string, string>): Record<string, unknown> {
  return Object.fromEntries([...response].map(([key, value]) => [key, decodeValue(value)]));
}

function decodeValue(value: string): unknown {
  if (value.length === 0 || value.length % 4 !== 0 || !/^[A-Za-z0-9+/]+=*$/.test(value)) {
    return value;
  }
  try {
    const bytes = Uint8Array.from(atob(value), (char) => char.charCodeAt(0));
    const decoded: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    return isFilled(decoded) ? decoded : value;
  } catch {
    // Text that only looks like base64, or holds no JSON: it is the value itself.
    return value;
  }
}

function isFilled(value: unknown): boolean {
  return isObject(value) && Object.keys(value).length > 0 &&
    (!Array.isArray(value) || value.every(isObject));
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
