/** Repositories over HTTP, by git's own CGI program. */
import { spawn } from "node:child_process";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Buffer } from "node:buffer";
import process from "node:process";

/** A running server. */
export interface GitServer extends AsyncDisposable {
  /** `http://127.0.0.1:port`; a repository's path below the root follows. */
  readonly url: string;
}

/** Serves the repositories under `root`; with `authorization`, to those who send just that header. */
export async function serveGit(root: string, authorization?: string): Promise<GitServer> {
  const server = createServer((request, response) => {
    // The scheme may be written in lower case.
    const login = request.headers.authorization?.replace(/^basic /, "Basic ");
    if (authorization === undefined || login === authorization) {
      return answer(root, request, response);
    }
    response.writeHead(401, { "www-authenticate": 'Basic realm="test"' }).end();
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

function answer(root: string, request: IncomingMessage, response: ServerResponse): void {
  const { pathname, searchParams } = new URL(request.url!, "http://localhost");
  const { headers } = request;
  const child = spawn("git", ["-c", "safe.directory=*", "http-backend"], {
    stdio: ["pipe", "pipe", "ignore"],
    env: {
      PATH: process.env.PATH,
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: "1",
      PATH_INFO: pathname,
      QUERY_STRING: searchParams.toString(),
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: headers["content-type"],
      HTTP_CONTENT_ENCODING: headers["content-encoding"],
      GIT_PROTOCOL: headers["git-protocol"] as string | undefined,
    },
  });
  request.pipe(child.stdin);
  // It may answer before it has read everything.
  child.stdin.on("error", () => {});
  const chunks: Uint8Array[] = [];
  child.stdout.on("data", (chunk: Uint8Array) => chunks.push(chunk));
  child.once("close", () => {
    const all = Buffer.concat(chunks);
    const end = all.indexOf("\r\n\r\n");
    const lines = all.subarray(0, end).toString().split("\r\n").map((line) => line.split(": "));
    const { Status: status = "200", ...rest } = Object.fromEntries(lines);
    response.writeHead(parseInt(status), rest).end(all.subarray(end + 4));
  });
}
