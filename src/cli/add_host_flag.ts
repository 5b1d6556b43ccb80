import { UsageError } from "./usage_error.ts";

/**
 * The hosts of `--add-host HOST=ADDRESS` or `HOST:ADDRESS`, addresses in the order given. There may be
 * several with commas, and IPv6 addresses in brackets.
 * Throws a `UsageError`.
 */
export function parseAddHosts(items: readonly string[]): Record<string, string[]> {
  const hosts = new Map<string, string[]>();
  for (const item of items) {
    const [, host, address] = /^([^=:\s]+)[=:](\S+)$/.exec(item) ?? [];
    if (host === undefined || address === undefined) {
      throw new UsageError(
        `--add-host "${item}" is not a host and its address`,
        "Write --add-host db=10.0.0.5",
      );
    }
    const addresses = address.split(",").map((item) => item.replace(/^\[(.*)\]$/, "$1"));
    hosts.set(host, [...hosts.get(host) ?? [], ...addresses]);
  }
  return Object.fromEntries(hosts);
}
