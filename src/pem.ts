/** Certificates and keys as options give them: PEM, or a path to it. */
import { OptionError } from "./errors.ts";
import { builtin } from "./runtime/builtin.ts";
import { readRefused } from "./runtime/refusal.ts";
import type { TlsOptions } from "./types.ts";

/** PEM bytes. */
export interface Pems {
  ca?: Uint8Array;
  cert?: Uint8Array;
  key?: Uint8Array;
}

/**
 * Reads what `options` name; `within` is the option that holds them.
 *
 * @throws {OptionError | PermissionError} if a file can't be read, or a certificate has no key or the other way round
 */
export function loadPems(options: Pick<TlsOptions, "ca" | "cert" | "key">, within: string): Pems {
  if ((options.cert === undefined) !== (options.key === undefined)) {
    const [has, lacks] = options.cert === undefined ? ["key", "cert"] : ["cert", "key"];
    throw new OptionError(
      `${within}.${lacks}`,
      `missing, but ${within}.${has} is given; a client certificate needs both`,
    );
  }
  return {
    ...(options.ca !== undefined && { ca: loadPem(`${within}.ca`, options.ca) }),
    ...(options.cert !== undefined && { cert: loadPem(`${within}.cert`, options.cert) }),
    ...(options.key !== undefined && { key: loadPem(`${within}.key`, options.key) }),
  };
}

function loadPem(option: string, value: string | Uint8Array): Uint8Array {
  if (typeof value !== "string") return value;
  if (value.includes("-----BEGIN ")) return new TextEncoder().encode(value);
  try {
    return builtin("fs").readFileSync(value);
  } catch (error) {
    const problem = `cannot read "${value}": ${(error as Error).message}`;
    throw readRefused(value, error) ?? new OptionError(option, problem, undefined, error);
  }
}
