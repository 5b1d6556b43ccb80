/** Requests by way of a proxy. */
import http from "node:http";
import { isIP } from "node:net";
import tls from "node:tls";
import { openTunnel, proxyAddress, proxyLogin } from "./http_proxy.ts";

/** What a request is made of. */
interface RequestParts {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A plain request, which the proxy reads. */
export function openPlain(proxy: URL, url: URL, request: RequestParts): http.ClientRequest {
  const headers = { ...request.headers, ...proxyLogin(proxy) };
  return http.request({
    ...proxyAddress(proxy),
    ...request,
    headers,
    path: `${url.origin}${url.pathname}${url.search}`,
    agent: false,
  });
}

/** A request in TLS, of which the proxy sees the host and nothing else. */
export async function openSecure(
  proxy: URL,
  url: URL,
  options: { request: RequestParts; tls: tls.ConnectionOptions; signal: AbortSignal },
): Promise<http.ClientRequest> {
  const socket = await openTunnel(proxy, url, options.signal);
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  const name = isIP(host) === 0 ? { servername: host } : {};
  const secured = tls.connect({ ...options.tls, socket, host, ...name });
  // Node makes TLS once more for https: over a socket that was given to it.
  const request = http.request({
    ...options.request,
    path: `${url.pathname}${url.search}`,
    createConnection: () => secured,
  });
  // The proxy may keep its end open, and so this process alive.
  request.once("close", () => {
    secured.destroy();
    socket.destroy();
  });
  return request;
}
