/** `--allow`, in buildctl's grammar (util/entitlements). */
import { csvFields } from "../../csv_fields.ts";
import { cutPair } from "../../key_value_flag.ts";
import { UsageError } from "../../usage_error.ts";

const KNOWN = ["security.insecure", "network.host", "device"];

/** What the build may do beyond its sandbox, as it was given. Throws a `UsageError` for what the daemon can't know. */
export function parseCtlAllow(items: readonly string[]): string[] {
  for (const item of items) {
    const { key, value } = cutPair(item);
    const isDevice = key === "device";
    if (!KNOWN.includes(isDevice ? key : item)) throw new UsageError(`unknown entitlement ${item}`);
    if (isDevice && value) checkDevice(value);
  }
  return [...items];
}

function checkDevice(text: string): void {
  for (const field of csvFields("--allow", text).slice(1)) {
    const { key, value } = cutPair(field);
    if (value === undefined) throw new UsageError(`invalid device config "${field}"`);
    if (key !== "alias") throw new UsageError(`unknown device config key "${key}"`);
  }
}
