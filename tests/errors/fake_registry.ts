/** A server that answers as registries do when they don't want to: `status-N` in the path gives N. */
import http from "node:http";
import type { AddressInfo } from "node:net";

/** A running server. */
export interface FakeRegistry extends AsyncDisposable {
  /** `127.0.0.1:port` */
  readonly host: string;
}

const ERRORS: Readonly<Record<number, string>> = { 403: "DENIED", 429: "TOOMANYREQUESTS" };

/** Starts it on a free port; `page` in the path gives HTML, all else an empty file. */
export async function startFakeRegistry(): Promise<FakeRegistry> {
  const server = http.createServer((request, response) => {
    const status = Number(/status-(\d+)/.exec(request.url ?? "")?.[1] ?? 200);
    const page = request.url?.includes("page") === true;
    response.writeHead(status, { "content-type": page ? "text/html" : "application/json" });
    if (page) return response.end("<html></html>");
    if (status === 200) return response.end();
    response.end(
      JSON.stringify({ errors: [{ code: ERRORS[status] ?? "UNKNOWN", message: "no" }] }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
