/** Registry hosts as Docker's configuration keys them (docker/cli config/configfile, buildkit resolver). */

/** Docker Hub's key in Docker's configuration and keychains, whatever name it is asked for by. */
export const HUB_KEY = "https://index.docker.io/v1/";

const HUB_HOSTS = new Set(["docker.io", "index.docker.io", "registry-1.docker.io"]);
const HOST_REGEXP = /^(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.%]+\])(?::[0-9]{1,5})?$/;

/** Whether `host` is `host` or `host:port` and nothing else: no scheme, no path, no blanks, no control characters. */
export function isRegistryHost(host: string): boolean {
  return HOST_REGEXP.test(host);
}

/** The key under which Docker stores the login for a registry host: the host itself but for Docker Hub. */
export function registryKey(host: string): string {
  return HUB_HOSTS.has(host) ? HUB_KEY : host;
}

/** The `host[:port]` of a key that may be a URL, as old configurations have them. */
export function hostOfKey(key: string): string {
  return key.replace(/^[a-z][a-z0-9+.-]*:\/\//i, "").replace(/\/.*$/s, "");
}

/** `host:port` of a URL, also where the port goes without saying. */
export function hostAndPort({ hostname, port, protocol }: URL): string {
  return `${hostname}:${port || (protocol === "https:" ? 443 : 80)}`;
}

/** Whether a URL's host name is this machine. */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname.endsWith(".localhost") || hostname === "[::1]" ||
    /^127(\.\d+){3}$/.test(hostname);
}
