/** What the daemon says about a result, decoded (client/solve.go, buildx util/metadata). */

/** Decodes an exporter response: base64 of a JSON object becomes the object, everything else stays text. */
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
    return isFilledObject(decoded) ? decoded : value;
  } catch {
    // Text that only looks like base64, or holds no JSON: it is the value itself.
    return value;
  }
}

function isFilledObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length > 0;
}
