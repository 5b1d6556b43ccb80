/** One HTTP request with a bounded answer, each on a connection of its own. */
import { Buffer } from "node:buffer";
import http from "node:http";
import https from "node:https";
import tls from "node:tls";
import type { Pems } from "../pem.ts";

/** What is special about the TLS to one registry's token service. */
export interface RegistryTls extends Pems {
  /** Take any certificate, and plain HTTP. */
  insecure?: boolean;
}

/** A request. */
export interface HttpRequest {
  readonly url: URL;
  readonly method: "GET" | "POST";
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What the other side said. */
export interface HttpAnswer {
  readonly status: number;
  /** For example `Unauthorized`. */
  readonly reason: string;
  /** The `location` header. */
  readonly location: string | undefined;
  readonly text: string;
}

/** Options of {@linkcode httpRequest}. */
export interface HttpOptions {
  readonly tls: RegistryTls | undefined;
  /** Whom to send the request through. */
  readonly proxy?: URL | undefined;
  /** The most bytes that an answer may have. */
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

/** An answer has more bytes than allowed. */
export class AnswerTooLong extends Error {}

/** Sends one request. Rejects with the runtime's error, an `AnswerTooLong`, or the signal's reason. */
export async function httpRequest(
  request: HttpRequest,
  options: HttpOptions,
): Promise<HttpAnswer> {
  options.signal.throwIfAborted();
  const { body = "" } = request;
  const sent = await open(request, options);
  return await new Promise((resolve, reject) => {
    const { signal, maxBytes } = options;
    const abort = () => sent.destroy(signal.reason);
    signal.addEventListener("abort", abort);
    const fail = (error: Error) => {
      signal.removeEventListener("abort", abort);
      reject(signal.aborted ? signal.reason : error);
    };
    sent.on("error", fail);
    sent.on("response", (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on("error", fail);
      response.on("data", (chunk: Buffer) => {
        chunks.push(chunk);
        size += chunk.length;
        if (size > maxBytes) sent.destroy(new AnswerTooLong(`more than ${maxBytes} bytes`));
      });
      response.on("aborted", () => fail(new Error("the connection was closed within the answer")));
      response.on("end", () => {
        signal.removeEventListener("abort", abort);
        resolve({
          status: response.statusCode ?? 0,
          reason: response.statusMessage ?? "",
          location: response.headers.location,
          text: Buffer.concat(chunks).toString(),
        });
      });
    });
    if (signal.aborted) abort();
    else sent.end(body);
  });
}

/** A request on its way to the server, or to the proxy before it. */
async function open(
  { url, method, headers, body = "" }: HttpRequest,
  { tls: material, proxy, signal }: HttpOptions,
): Promise<http.ClientRequest> {
  const common = {
    method,
    headers: {
      ...headers,
      host: url.host,
      connection: "close",
      "content-length": String(Buffer.byteLength(body)),
    },
  };
  if (url.protocol === "http:") {
    if (proxy === undefined) return http.request(url, { ...common, agent: false });
    const { openPlain } = await import("./proxied_request.ts");
    return openPlain(proxy, url, common);
  }
  const secure = tlsOptions(material);
  if (proxy === undefined) return https.request(url, { ...common, ...secure, agent: false });
  const { openSecure } = await import("./proxied_request.ts");
  return await openSecure(proxy, url, { request: common, tls: secure, signal });
}

/** Authorities given are trusted besides the usual ones, as Go's client does it. */
function tlsOptions(
  { ca, cert, key, insecure = false }: RegistryTls = {},
): tls.SecureContextOptions & { rejectUnauthorized: boolean } {
  return {
    rejectUnauthorized: !insecure,
    ...(ca !== undefined && { ca: [...tls.rootCertificates, Buffer.from(ca)] }),
    ...(cert !== undefined && { cert: Buffer.from(cert) }),
    ...(key !== undefined && { key: Buffer.from(key) }),
  };
}
