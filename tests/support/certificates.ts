/** Certificates for one test: an authority, and what it signed for a daemon and for its clients. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { runOk } from "./process.ts";
import type { Tools } from "./tools.ts";

/** Paths of a certificate and its key, as PEM files. */
export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

/** Paths of PEM files. */
export interface Certificates {
  /** The authority's certificate. */
  readonly ca: string;
  /** For 127.0.0.1, `localhost` and `builder.test`. */
  readonly server: KeyPair;
  readonly client: KeyPair;
}

const SERVER_NAMES = "subjectAltName=IP:127.0.0.1,DNS:localhost,DNS:builder.test";

/** Makes new certificates in a folder. */
export async function makeCertificates(tools: Tools, folder: string): Promise<Certificates> {
  const authority = await makeKeyPair(tools, folder, "ca", []);
  const signed = ["-CA", authority.cert, "-CAkey", authority.key];
  return {
    ca: authority.cert,
    server: await makeKeyPair(tools, folder, "server", [...signed, "-addext", SERVER_NAMES]),
    client: await makeKeyPair(tools, folder, "client", signed),
  };
}

async function makeKeyPair(
  tools: Tools,
  folder: string,
  name: string,
  args: string[],
): Promise<KeyPair> {
  const [cert, key] = [join(folder, `${name}.pem`), join(folder, `${name}-key.pem`)];
  // The system's own configuration would add extensions, other ones on each system.
  const config = join(folder, "openssl.cnf");
  writeFileSync(config, "[req]\ndistinguished_name = name\n[name]\n");
  const kind = args.length === 0
    ? ["-addext", "basicConstraints=critical,CA:TRUE"]
    : ["-addext", "extendedKeyUsage=serverAuth,clientAuth"];
  await runOk(tools.openssl, [
    ...["req", "-x509", "-config", config, "-days", "2", "-subj", `/CN=moat test ${name}`],
    ...["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"],
    ...["-out", cert, "-keyout", key, ...kind, ...args],
  ]);
  return { cert, key };
}
