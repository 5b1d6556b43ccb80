/** The flags that say which builder and how, as buildctl's. */
import { builtin } from "../runtime/builtin.ts";
import type { TlsOptions } from "../types.ts";
import type { FlagValues } from "./flags.ts";
import { UsageError } from "./usage_error.ts";
import { native } from "../runtime/path.ts";

/** Flags of every command that talks to a builder. */
export const CONNECTION_FLAGS = {
  addr: { value: "ADDRESS", help: "tcp://HOST:PORT or unix:///PATH (see doctor)" },
  tlscacert: { value: "FILE", help: "CA certificate to verify the builder by" },
  tlscert: { value: "FILE", help: "Client certificate" },
  tlskey: { value: "FILE", help: "Client key" },
  tlsservername: { value: "NAME", help: "Builder's name to verify (ADDRESS's host)" },
  tlsdir: { value: "FOLDER", help: "Folder of ca.pem, cert.pem and key.pem" },
  timeout: { value: "SECONDS", help: "How long to try to reach the builder (5)" },
  wait: { help: "Try again until the builder answers or the timeout" },
  debug: { help: "Tell what is decided on the way (MOAT_DEBUG)" },
} as const;

/** What the connection flags say. */
export interface ConnectionChoice {
  /** Undefined: what there is. */
  address: string | undefined;
  tls: TlsOptions | undefined;
  timeoutMs: number | undefined;
  wait: boolean;
  /** Tell what is decided. */
  debug: boolean;
}

/** Reads the connection flags. Throws a `UsageError`. */
export function connectionChoice(flags: FlagValues<typeof CONNECTION_FLAGS>): ConnectionChoice {
  return {
    address: flags.addr,
    tls: tlsOptions(flags),
    timeoutMs: milliseconds("--timeout", flags.timeout),
    wait: flags.wait,
    debug: flags.debug,
  };
}

function tlsOptions(flags: FlagValues<typeof CONNECTION_FLAGS>): TlsOptions | undefined {
  const { tlscacert: ca, tlscert: cert, tlskey: key, tlsservername: serverName, tlsdir } = flags;
  if (tlsdir !== undefined && (ca ?? cert ?? key) !== undefined) {
    throw new UsageError("--tlsdir cannot be combined with --tlscacert, --tlscert and --tlskey");
  }
  const files = tlsdir === undefined
    ? { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) }
    : tlsFolder(tlsdir);
  if (Object.keys(files).length > 0) return { ...files, ...(serverName && { serverName }) };
  if (!serverName) return undefined;
  throw new UsageError(
    "--tlsservername alone does not turn TLS on",
    "Add --tlscacert, --tlscert and --tlskey, or --tlsdir",
  );
}

/** The files of a folder as buildctl finds them. Throws a `UsageError`. */
export function tlsFolder(folder: string): TlsOptions {
  const oneOf = (...names: string[]): string => {
    const found = names.map((name) => native.join(folder, name)).find((path) =>
      builtin("fs").existsSync(path)
    );
    if (found !== undefined) return found;
    throw new UsageError(`--tlsdir "${folder}" has neither ${names.join(" nor ")}`);
  };
  return {
    ca: oneOf("ca.pem", "ca.crt"),
    cert: oneOf("cert.pem", "tls.crt"),
    key: oneOf("key.pem", "tls.key"),
  };
}

/** The value of a flag that takes seconds, as milliseconds. Throws a `UsageError`. */
export function milliseconds(flag: string, seconds: string | undefined): number | undefined {
  if (seconds === undefined) return undefined;
  const value = Number(seconds);
  if (/^\d+(\.\d+)?$/.test(seconds) && value > 0) return value * 1000;
  throw new UsageError(`${flag} "${seconds}" is not a number of seconds`);
}
