/** `addHosts`, as the frontend's attribute. */
import { OptionError } from "../errors.ts";
import { builtin } from "../runtime/builtin.ts";
import type { BuildOptions } from "../types.ts";
import { csvLine } from "./csv.ts";

/** Stands for the machine of a Docker engine. */
const GATEWAY = "host-gateway";

/** Whether an address is left to the builder to know. */
export function usesGateway(hosts: BuildOptions["addHosts"] = {}): boolean {
  return Object.values(hosts).flat().includes(GATEWAY);
}

/**
 * The attribute for the hosts.
 *
 * @param gateway What `host-gateway` stands for.
 * @throws {OptionError} if one is not a host and an IP address
 */
export function hostAttrs(
  hosts: BuildOptions["addHosts"] = {},
  gateway?: string,
): Record<string, string> {
  const entries = Object.entries(hosts).flatMap(([host, addresses]) =>
    [addresses].flat().map((address) => {
      const known = address === GATEWAY && gateway !== undefined ? gateway : address;
      const bare = String(known).replace(/^\[(.*)\]$/, "$1");
      const isAddress = builtin("net").isIP(bare) !== 0 && !bare.includes("%") || bare === GATEWAY;
      if (isAddress && /^[^\s=]+$/.test(host)) return `${host}=${bare}`;
      throw new OptionError(
        `addHosts.${host}`,
        `"${host}=${address}" is not a host name and an IP address`,
        '{ "db.local": "10.0.0.5" }',
      );
    })
  );
  return entries.length === 0 ? {} : { "add-hosts": csvLine(entries) };
}
