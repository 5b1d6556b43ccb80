/** The certificate authorities that this machine trusts: the runtimes bring a list of their own (Go's crypto/x509 root_linux.go, root_bsd.go). */
import { readFileSync } from "node:fs";
import type { Environment } from "../environment.ts";
import { mayRead } from "../runtime/permissions.ts";

const BUNDLES = [
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/ca-bundle.pem",
  "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
  "/etc/ssl/cert.pem",
];

/** PEM of them: of the file in `SSL_CERT_FILE`, else of the first usual one; undefined if there is none that may be read. */
export function systemAuthorities(env: Environment): Uint8Array | undefined {
  const chosen = env("SSL_CERT_FILE");
  for (const path of chosen ? [chosen] : BUNDLES) {
    if (!mayRead(path)) continue;
    try {
      return readFileSync(path);
    } catch (error) {
      // The next one then. Without any the connection is not trusted, which is said.
      const { code } = error as NodeJS.ErrnoException;
      if (code === undefined || !["ENOENT", "ENOTDIR", "EACCES", "EISDIR"].includes(code)) {
        throw error;
      }
    }
  }
  return undefined;
}
