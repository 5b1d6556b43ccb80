/** Builder addresses: `tcp://host:port` and `unix:///path`, as buildctl writes them. */
import { OptionError } from "../errors.ts";
import { builtin } from "../runtime/builtin.ts";

/** A parsed address. */
export type Address =
  | { readonly scheme: "tcp"; readonly host: string; readonly port: number; readonly text: string }
  | { readonly scheme: "unix"; readonly path: string; readonly text: string };

const EXAMPLE = "tcp://buildkit:1234 or unix:///run/buildkit/buildkitd.sock";

/**
 * Parses a builder's address. `option` names where it came from, for the error.
 *
 * @throws {OptionError} if it is not an address this client can dial
 */
export function parseAddress(text: string, option = "address"): Address {
  refuseUnseen(text, option);
  const match = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/i.exec(text);
  if (match === null) throw new OptionError(option, `"${text}" has no scheme`, EXAMPLE);
  const [, scheme, rest] = match as unknown as [string, string, string];
  if (scheme === "unix") return parseUnix(text, rest, option);
  if (scheme === "tcp") return parseTcp(text, rest, option);
  throw new OptionError(option, `"${text}" has the scheme ${scheme}, which is not known`, EXAMPLE);
}

/**
 * Line breaks and NULs belong to no address, and programs that get one could take them for something else.
 *
 * @throws {OptionError} if there are any
 */
export function refuseUnseen(text: string, option: string): void {
  if (!/\p{Cc}/u.test(text)) return;
  const problem = `${JSON.stringify(text)} holds characters that can't be seen`;
  throw new OptionError(option, problem, EXAMPLE);
}

function parseUnix(text: string, path: string, option: string): Address {
  if (!path.startsWith("/")) {
    throw new OptionError(
      option,
      `"${text}" is not an absolute path`,
      "unix:///run/buildkit/buildkitd.sock",
    );
  }
  return { scheme: "unix", path, text };
}

function parseTcp(text: string, rest: string, option: string): Address {
  const match = /^(?:\[([^[\]]+)\]|([^\s:/?#@[\]]+)):(\d{1,5})\/?$/.exec(rest);
  const [, ipv6, name, digits] = match ?? [];
  const port = Number(digits);
  const badHost = ipv6 !== undefined && !builtin("net").isIPv6(ipv6.replace(/%.*$/, ""));
  if (match === null || badHost || port < 1 || port > 65535) {
    throw new OptionError(option, `"${text}" is not host and port`, "tcp://buildkit:1234");
  }
  return { scheme: "tcp", host: ipv6 ?? name!, port, text };
}

/** What `:authority` says for an address: its host, or `localhost` where it has none. */
export function authorityOf(address: Address): string {
  if (address.scheme === "unix") return "localhost";
  const host = address.host.includes(":") ? `[${address.host}]` : address.host;
  return `${host}:${address.port}`;
}
