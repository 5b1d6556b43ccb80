/** The TLS handshake over a connected socket. */
import { Buffer } from "node:buffer";
import { isIP, type Socket } from "node:net";
import tls from "node:tls";
import type { Address } from "./address.ts";
import type { TlsMaterial } from "./tls.ts";

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
      ALPNProtocols: [...material.protocols ?? ["h2"]],
      rejectUnauthorized: material.insecure !== true,
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
