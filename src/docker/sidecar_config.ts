/** buildkitd.toml for a sidecar, and the files that it names (buildkit docs/buildkitd.toml.md). */
import { readFileSync } from "node:fs";
import { OptionError } from "../errors.ts";
import { readRefused } from "../runtime/refusal.ts";
import { concat } from "../rpc/concat.ts";
import { padding, tarEnd, tarHeader } from "../files/tar.ts";

/** What can be said about registries, and the rest. */
export interface SidecarConfig {
  /** Content of a buildkitd.toml. */
  config?: string;
  /** Mirrors by registry, for example `{ "docker.io": ["mirror.example:5000"] }`; tried in this order. */
  registryMirrors?: Readonly<Record<string, readonly string[]>>;
  /** Registries, also mirrors, that speak plain HTTP or show a certificate that nobody vouches for. */
  insecureRegistries?: readonly string[];
  /** Certificate authorities by registry: PEM, or a path to it. */
  registryCas?: Readonly<Record<string, string | Uint8Array>>;
}

/** Where the configuration lies in the container. */
export const CONFIG_PATH = "/etc/buildkit/buildkitd.toml";
const CERTIFICATES = "/etc/buildkit/certs";

/** Everything that a table may say about one registry. */
interface RegistryTable {
  mirrors?: readonly string[];
  insecure?: boolean;
  ca?: string;
}

/**
 * The files to put into a container, by absolute path; none if nothing is configured.
 *
 * @throws {OptionError} if a registry is also configured in `config`, or a certificate can't be read
 */
export function configFiles(options: SidecarConfig): Map<string, Uint8Array> {
  const { config = "", registryMirrors = {}, insecureRegistries = [], registryCas = {} } = options;
  const tables = new Map<string, RegistryTable>();
  const files = new Map<string, Uint8Array>();
  const add = (option: string, host: string, said: RegistryTable) => {
    checkHost(option, host, config);
    tables.set(host, { ...tables.get(host), ...said });
  };
  for (const [host, mirrors] of Object.entries(registryMirrors)) {
    for (const mirror of mirrors) checkHost("registryMirrors", mirror, "");
    add("registryMirrors", host, { mirrors });
  }
  for (const host of insecureRegistries) add("insecureRegistries", host, { insecure: true });
  for (const [host, ca] of Object.entries(registryCas)) {
    const path = `${CERTIFICATES}/${host}/ca.pem`;
    files.set(path, readPem(`registryCas["${host}"]`, ca));
    add("registryCas", host, { ca: path });
  }
  const text = [config, ...[...tables].map(([host, table]) => tomlTable(host, table))]
    .filter((part) => part !== "").join("\n");
  if (text !== "") files.set(CONFIG_PATH, new TextEncoder().encode(text));
  return files;
}

/** Files as an archive to be unpacked at the root. */
export function archiveOf(files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const parts = [...files].flatMap(([path, content]) => {
    const stat = { path: path.slice(1), mode: 0o644, size: content.length, modTime: 0n };
    const header = tarHeader({ ...stat, linkname: "", devmajor: 0, devminor: 0 });
    return [header, content, padding(content.length)];
  });
  return concat([...parts, tarEnd()]);
}

function checkHost(option: string, host: string, config: string): void {
  if (!/^[\w.-]+(?::\d+)?(?:\/[\w./-]+)?$/.test(host)) {
    throw new OptionError(option, `"${host}" is not a registry`, "registry.example:5000");
  }
  if (config.includes(`[registry."${host}"]`)) {
    throw new OptionError(option, `${host} is already in config; say everything about it there`);
  }
}

function tomlTable(host: string, { mirrors, insecure, ca }: RegistryTable): string {
  const lines = [
    `[registry."${host}"]`,
    ...(mirrors === undefined ? [] : [`  mirrors = ${JSON.stringify(mirrors)}`]),
    // Both: TLS without a check first, then plain HTTP, as Docker's insecure registries.
    ...(insecure ? ["  http = true", "  insecure = true"] : []),
    ...(ca === undefined ? [] : [`  ca = ${JSON.stringify([ca])}`]),
  ];
  return `${lines.join("\n")}\n`;
}

function readPem(option: string, value: string | Uint8Array): Uint8Array {
  if (typeof value !== "string") return value;
  if (value.includes("-----BEGIN ")) return new TextEncoder().encode(value);
  try {
    return readFileSync(value);
  } catch (error) {
    const problem = `cannot read "${value}": ${(error as Error).message}`;
    throw readRefused(value, error) ?? new OptionError(option, problem, undefined, error);
  }
}
