/**
 * GitHub's cache service in miniature, both versions of it: what the daemon calls, over real HTTP. There is none to install.
 * Entries of version 2 lie in Azure's storage; the few calls for that are part of it.
 */
import { Buffer } from "node:buffer";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

/** A running service. */
export interface GithubCache extends AsyncDisposable {
  readonly url: string;
  /** A token that lets its bearer do everything. */
  readonly token: string;
  /** The methods and paths that were called, without what differs. */
  readonly calls: Set<string>;
}

interface Entry {
  readonly key: string;
  readonly id: number;
  content: Buffer;
  committed: boolean;
  readonly blocks: Map<string, Buffer>;
}

type Json = Record<string, unknown>;

/** Starts the service on a free port. */
export async function startGithubCache(): Promise<GithubCache> {
  const entries: Entry[] = [];
  const calls = new Set<string>();
  const token = makeToken();
  let url = "";
  const server = createServer((request, response) => {
    handle(request, response).catch((error) => response.destroy(error));
  });
  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url!, url);
    calls.add(`${request.method} ${pathname.replace(/\d+$/, "ID")}`);
    const isData = pathname.startsWith("/data/");
    if (!isData && request.headers.authorization !== `Bearer ${token}`) return reply(401, {});
    const body = await readAll(request);
    const id = Number(/\d+$/.exec(pathname)?.[0]);
    const entry = entries.find((entry) => entry.id === id);
    const path = `${request.method} ${pathname.replace(/^.*\/(?=\w+(\/\d+)?$)/, "")}`;
    if (path === "POST caches" || path === "POST CreateCacheEntry") {
      const made = reserve(JSON.parse(body.toString()).key);
      if (made === undefined) return reply(409, { code: "already_exists" });
      const upload = `${url}/data/${made.id}`;
      return reply(200, { cacheId: made.id, ok: true, signed_upload_url: upload });
    }
    if (path === "POST FinalizeCacheEntryUpload") {
      const { key } = JSON.parse(body.toString());
      entries.find((entry) => entry.key === key)!.committed = true;
      return reply(200, { ok: true, entry_id: "1" });
    }
    if (path === "GET cache" || path === "POST GetCacheEntryDownloadURL") {
      const asked = path === "GET cache"
        ? searchParams.get("keys")!.split(",")
        : JSON.parse(body.toString()).restore_keys as string[];
      const found = entries.filter((entry) => entry.committed)
        .findLast(({ key }) => asked.some((prefix) => key.startsWith(prefix)));
      const at = `${url}/data/${found?.id}`;
      if (found === undefined) return path === "GET cache" ? reply(204) : reply(200, { ok: false });
      const { key } = found;
      const v2 = { ok: true, matched_key: key, signed_download_url: at };
      return reply(200, { cacheKey: key, archiveLocation: at, ...v2 });
    }
    if (entry === undefined) return reply(404, { message: `no ${path}` });
    if (request.method === "PATCH") entry.content = Buffer.concat([entry.content, body]);
    else if (request.method === "POST") entry.committed = true;
    else if (request.method === "PUT") put(entry, searchParams, body);
    else return send(entry, request, response);
    return reply(request.method === "PUT" ? 201 : 200);

    function reply(status: number, content?: Json): void {
      response.writeHead(status, { "x-ms-request-id": "1", "content-type": "application/json" });
      response.end(content && JSON.stringify(content));
    }
  }
  function reserve(key: string): Entry | undefined {
    if (entries.some((entry) => entry.key === key)) return undefined;
    const id = entries.length + 1;
    const entry = { key, id, content: Buffer.alloc(0), committed: false, blocks: new Map() };
    entries.push(entry);
    return entry;
  }
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  const stop = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url, token, calls, [Symbol.asyncDispose]: stop };
}

/** Azure takes a blob at once, or in blocks and then their order. */
function put(entry: Entry, query: URLSearchParams, body: Buffer): void {
  switch (query.get("comp")) {
    case "block":
      entry.blocks.set(query.get("blockid")!, body);
      break;
    case "blocklist": {
      const ids = [...body.toString().matchAll(/<Latest>(.*?)<\/Latest>/g)].map(([, id]) => id!);
      entry.content = Buffer.concat(ids.map((id) => entry.blocks.get(id)!));
      break;
    }
    default:
      entry.content = body;
  }
}

function send({ content }: Entry, request: IncomingMessage, response: ServerResponse): void {
  const range = String(request.headers["x-ms-range"] ?? request.headers.range ?? "bytes=0-");
  const [, from = "0", to = ""] = /^bytes=(\d+)-(\d*)$/.exec(range) ?? [];
  const [start, end] = [Number(from), to === "" ? content.length - 1 : Number(to)];
  response.writeHead(206, {
    "content-range": `bytes ${start}-${end}/${content.length}`,
    "x-ms-request-id": "1",
  });
  response.end(content.subarray(start, end + 1));
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** The daemon reads what a token says and leaves it to the service to verify it. */
function makeToken(): string {
  const part = (value: Json) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const now = Math.floor(Date.now() / 1000);
  const ac = JSON.stringify([{ Scope: "refs/heads/main", Permission: 3 }]);
  return [
    part({ alg: "HS256", typ: "JWT" }),
    part({ ac, nbf: now - 60, exp: now + 3600 }),
    Buffer.from("signature").toString("base64url"),
  ].join(".");
}
