/** TLS to a builder: reading its material and the handshake over a connected socket. */
import { Buffer } from "node:buffer";
import { readFileSync } from "node:fs";
import { isIP, type Socket } from "node:net";
import tls from "node:tls";
import { OptionError } from "../errors.ts";
import type { TlsOptions } from "../types.ts";
import type { Address } from "./address.ts";

/** TLS material as PEM bytes. */
export interface TlsMaterial {
  ca?: Uint8Array;
  cert?: Uint8Array;
  key?: Uint8Array;
  serverName?: string;
}

/**
 * Reads and checks TLS options.
 *
 * @throws {OptionError} if a file can't be read, or a certificate has no key or the other way round
 */
export function loadTls(options: TlsOptions): TlsMaterial {
  if ((options.cert === undefined) !== (options.key === undefined)) {
    const [has, lacks] = options.cert === undefined ? ["key", "cert"] : ["cert", "key"];
    throw new OptionError(
      `tls.${lacks}`,
      `missing, but tls.${has} is given; a client certificate needs both`,
    );
  }
  return {
    ...(options.ca !== undefined && { ca: loadPem("tls.ca", options.ca) }),
    ...(options.cert !== undefined && { cert: loadPem("tls.cert", options.cert) }),
    ...(options.key !== undefined && { key: loadPem("tls.key", options.key) }),
    ...(options.serverName !== undefined && { serverName: options.serverName }),
  };
}

function loadPem(option: string, value: string | Uint8Array): Uint8Array {
  if (typeof value !== "string") return value;
  if (value.includes("-----BEGIN ")) return new TextEncoder().encode(value);
  try {
    return readFileSync(value);
  } catch (error) {
    throw new OptionError(
      option,
      `cannot read "${value}": ${(error as Error).message}`,
      undefined,
      error,
    );
  }
}

/** Does the TLS handshake over `socket`; rejects with Node's error, to be explained by connectionFailure. */
export function startTls(
  socket: Socket,
  address: Address,
  material: TlsMaterial,
): Promise<tls.TLSSocket> {
  const name = material.serverName ?? (address.scheme === "tcp" ? address.host : "localhost");
  return new Promise((resolve, reject) => {
    const secured = tls.connect({
      socket,
      // The name to verify, and to send if it is one: an IP address is not (RFC 6066, 3).
      host: name,
      ...(isIP(name) === 0 && { servername: name }),
      ALPNProtocols: ["h2"],
      ...(material.ca !== undefined && { ca: [Buffer.from(material.ca)] }),
      ...(material.cert !== undefined && { cert: Buffer.from(material.cert) }),
      ...(material.key !== undefined && { key: Buffer.from(material.key) }),
    });
    // As in dial(): after the handshake the server may still refuse our certificate, at any moment.
    secured.on("error", () => {});
    const fail = (error: Error) => reject(error);
    const closed = () => reject(new Error("the connection was closed during the TLS handshake"));
    secured.once("error", fail);
    secured.once("close", closed);
    secured.once("secureConnect", () => {
      secured.off("error", fail);
      secured.off("close", closed);
      resolve(secured);
    });
  });
}
