/** TLS to a builder: reading its material. */
import { loadPems, type Pems } from "../pem.ts";
import type { TlsOptions } from "../types.ts";

/** TLS material as PEM bytes. */
export interface TlsMaterial extends Pems {
  serverName?: string;
  /** What is offered to be spoken inside (ALPN). @default ["h2"] */
  protocols?: readonly string[];
  /** Take any certificate, as a Docker context can ask for. @default false */
  insecure?: boolean;
}

/**
 * Reads and checks TLS options.
 *
 * @throws {OptionError} if a file can't be read, or a certificate has no key or the other way round
 */
export function loadTls(options: TlsOptions): TlsMaterial {
  return {
    ...loadPems(options, "tls"),
    ...(options.serverName !== undefined && { serverName: options.serverName }),
  };
}
