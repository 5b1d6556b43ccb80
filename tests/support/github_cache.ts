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

/** What is answered to a call. */
interface Reply {
  readonly status: number;
  readonly content?: Json;
}

/** Starts the service on a free port. */
export async function startGithubCache(): Promise<GithubCache> {
  const service = new Service();
  const server = createServer((request, response) => {
    service.handle(request, response).catch((error) => response.destroy(error));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  service.url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  const { url, token, calls } = service;
  const stop = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url, token, calls, [Symbol.asyncDispose]: stop };
}

class Service {
  url = "";
  readonly token = makeToken();
  readonly calls = new Set<string>();
  readonly #entries: Entry[] = [];

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url!, this.url);
    this.calls.add(`${request.method} ${pathname.replace(/\d+$/, "ID")}`);
    const body = await readAll(request);
    const id = Number(/\d+$/.exec(pathname)?.[0]);
    const entry = this.#entries.find((entry) => entry.id === id);
    const isData = pathname.startsWith("/data/");
    if (isData && request.method === "GET") return send(entry!, request, response);
    const method = `${request.method} ${
      pathname.split("/").findLast((part) => !/^\d+$/.test(part))
    }`;
    const allowed = isData || request.headers.authorization === `Bearer ${this.token}`;
    const reply = !allowed
      ? { status: 401 }
      : entry === undefined
      ? this.#callService(method, searchParams, body.toString())
      : change(entry, request.method!, searchParams, body);
    response.writeHead(reply.status, {
      "x-ms-request-id": "1",
      "content-type": "application/json",
    });
    response.end(reply.content && JSON.stringify(reply.content));
  }

  #callService(method: string, query: URLSearchParams, body: string): Reply {
    switch (method) {
      case "POST caches":
      case "POST CreateCacheEntry":
        return this.#reserve(JSON.parse(body).key);
      case "POST FinalizeCacheEntryUpload": {
        const { key } = JSON.parse(body);
        this.#entries.find((entry) => entry.key === key)!.committed = true;
        return { status: 200, content: { ok: true, entry_id: "1" } };
      }
      case "GET cache":
        return this.#find(query.get("keys")!.split(",")) ?? { status: 204 };
      case "POST GetCacheEntryDownloadURL":
        return this.#find(JSON.parse(body).restore_keys) ?? { status: 200, content: { ok: false } };
      default:
        return { status: 404, content: { message: `no ${method}` } };
    }
  }

  #reserve(key: string): Reply {
    if (this.#entries.some((entry) => entry.key === key)) {
      return { status: 409, content: { code: "already_exists" } };
    }
    const id = this.#entries.length + 1;
    const content = Buffer.alloc(0);
    this.#entries.push({ key, id, content, committed: false, blocks: new Map() });
    const upload = `${this.url}/data/${id}`;
    return { status: 200, content: { cacheId: id, ok: true, signed_upload_url: upload } };
  }

  #find(prefixes: string[]): Reply | undefined {
    const found = this.#entries.filter((entry) => entry.committed)
      .findLast(({ key }) => prefixes.some((prefix) => key.startsWith(prefix)));
    if (found === undefined) return undefined;
    const { key, id } = found;
    const at = `${this.url}/data/${id}`;
    const v1 = { cacheKey: key, archiveLocation: at };
    const v2 = { ok: true, matched_key: key, signed_download_url: at };
    return { status: 200, content: { ...v1, ...v2 } };
  }
}

function change(entry: Entry, method: string, query: URLSearchParams, body: Buffer): Reply {
  if (method === "PATCH") entry.content = Buffer.concat([entry.content, body]);
  else if (method === "POST") entry.committed = true;
  else put(entry, query, body);
  return { status: method === "PUT" ? 201 : 200 };
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
