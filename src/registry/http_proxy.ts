/** Proxies that the environment names (Go's golang.org/x/net/http/httpproxy). */
import { Buffer } from "node:buffer";
import http from "node:http";
import { BlockList, isIP, type Socket } from "node:net";
import type { Environment } from "../environment.ts";
import { CredentialsError } from "../errors.ts";
import { hostAndPort, isLoopback } from "./host.ts";

/**
 * The proxy for a URL, from `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` or the same in small letters; undefined for none, and
 * for this machine.
 *
 * @throws {CredentialsError} if it is no http proxy
 */
export function proxyFor(url: URL, env: Environment): URL | undefined {
  const variable = url.protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY";
  const text = either(env, variable);
  if (!text || isLoopback(url.hostname)) return undefined;
  if (isExcepted(url, either(env, "NO_PROXY") ?? "")) return undefined;
  const address = text.includes("://") ? text : `http://${text}`;
  if (URL.canParse(address) && new URL(address).protocol === "http:") return new URL(address);
  // Not shown: it may hold a password.
  throw new CredentialsError(`Cannot use the proxy in ${variable}: it is no http:// address`);
}

/** Opens a byte stream to a URL's host through a proxy. Rejects with an error that says what the proxy answered. */
export function openTunnel(proxy: URL, url: URL, signal: AbortSignal): Promise<Socket> {
  signal.throwIfAborted();
  const target = hostAndPort(url);
  return new Promise((resolve, reject) => {
    const request = http.request({
      ...proxyAddress(proxy),
      method: "CONNECT",
      path: target,
      headers: { host: target, ...proxyLogin(proxy) },
      agent: false,
    });
    const abort = () => request.destroy(signal.reason);
    const settle = () => signal.removeEventListener("abort", abort);
    signal.addEventListener("abort", abort);
    request.on("connect", (response, socket) => {
      settle();
      if (response.statusCode === 200) return resolve(socket);
      socket.destroy();
      const { statusCode, statusMessage } = response;
      reject(new Error(`the proxy ${proxy.host} answered ${statusCode} ${statusMessage}`));
    });
    request.on("error", (error) => {
      settle();
      reject(signal.aborted ? signal.reason : error);
    });
    request.end();
  });
}

/** Where a proxy listens, as options of a request. */
export function proxyAddress({ hostname, port }: URL): { host: string; port: number } {
  return { host: hostname.replace(/^\[(.*)\]$/, "$1"), port: Number(port || 80) };
}

/** The header with a proxy's own login, if its address has one. */
export function proxyLogin({ username, password }: URL): Record<string, string> {
  if (username === "" && password === "") return {};
  const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { "proxy-authorization": `Basic ${Buffer.from(login).toString("base64")}` };
}

function either(env: Environment, name: string): string | undefined {
  return env(name) || env(name.toLowerCase());
}

/** Whether one of a list's entries is `*`, the host, a domain above it, an address, or a network that holds it. */
function isExcepted(url: URL, list: string): boolean {
  const { host, port } = { host: url.hostname.replace(/^\[(.*)\]$/, "$1"), port: hostAndPort(url) };
  return list.split(",").map((entry) => entry.trim().toLowerCase()).some((entry) => {
    if (entry === "") return false;
    if (entry === "*" || entry === host || entry === port) return true;
    if (entry.includes("/")) return isWithin(host, entry);
    const [, domain, only] = /^\*?\.?(.*?)(:\d+)?$/.exec(entry)!;
    return host.endsWith(`.${domain}`) && (only === undefined || port.endsWith(only));
  });
}

function isWithin(address: string, network: string): boolean {
  const [start = "", bits] = network.split("/");
  const family = isIP(start);
  if (family === 0 || isIP(address) !== family) return false;
  const length = Number(bits);
  if (!Number.isInteger(length) || length < 0 || length > (family === 4 ? 32 : 128)) return false;
  const type = family === 4 ? "ipv4" : "ipv6";
  const block = new BlockList();
  block.addSubnet(start, length, type);
  return block.check(address, type);
}
