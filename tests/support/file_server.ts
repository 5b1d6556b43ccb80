/** Files over HTTP. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A running server. */
export interface FileServer extends AsyncDisposable {
  /** `http://127.0.0.1:port`; a file's path follows. */
  readonly url: string;
}

/** Serves files by their paths, which begin with `/`. */
export async function serveFiles(
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<FileServer> {
  const server = createServer((request, response) => {
    const content = files[new URL(request.url!, "http://localhost").pathname];
    if (content === undefined) response.writeHead(404).end();
    else response.writeHead(200, { "content-type": "application/octet-stream" }).end(content);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
