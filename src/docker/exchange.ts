/**
 * One HTTP/1.1 request on a socket and the head of its answer. What follows the head stays in the socket: after an upgrade
 * the engine's first HTTP/2 frames come in the same packet.
 */
import { Buffer } from "node:buffer";
import type { Duplex } from "node:stream";
import { deadline, DIAL_TIMEOUT_MS } from "../connect/deadline.ts";
import type { DialOptions } from "../connect/dial.ts";
import { ProtocolError } from "../errors.ts";

/** The head of an answer. */
export interface AnswerHead {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: ReadonlyMap<string, string>;
}

/** A request, with no body but a short text. */
export interface BareRequest {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly json?: unknown;
}

const MAX_HEAD = 64 << 10;
const HEAD_END = "\r\n\r\n";

/**
 * Sends the request and reads the answer's head.
 *
 * @throws {ProtocolError} if what answers does not speak HTTP/1
 * @throws {DOMException} a TimeoutError if nothing answers
 */
export async function exchange(
  socket: Duplex,
  request: BareRequest,
  options: DialOptions = {},
): Promise<AnswerHead> {
  const { signal, timeoutMs = DIAL_TIMEOUT_MS } = options;
  const stop = deadline(timeoutMs, signal);
  try {
    socket.write(requestText(request));
    return parseHead(await stop.before(readHead(socket)));
  } catch (error) {
    if (!stop.passed) throw error;
    throw new DOMException(`it did not answer within ${timeoutMs} ms`, "TimeoutError");
  } finally {
    stop.release();
  }
}

function requestText({ method, path, headers = {}, json }: BareRequest): string {
  const body = json === undefined ? "" : JSON.stringify(json);
  const all = {
    ...{ host: "docker", "user-agent": "moat-build", ...headers },
    ...(json !== undefined && {
      "content-type": "application/json",
      "content-length": String(new TextEncoder().encode(body).length),
    }),
  };
  const lines = Object.entries(all)
    .flatMap(([name, value]) => [value].flat().map((item) => `${name}: ${item}`));
  return [`${method} ${path} HTTP/1.1`, ...lines, "", body].join("\r\n");
}

/** Reads up to the empty line and puts the rest back. */
function readHead(socket: Duplex): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    let head = Buffer.alloc(0);
    const settle = (settled: () => void) => {
      socket.pause();
      socket.off("data", onData).off("error", onError).off("end", onEnd).off("close", onEnd);
      settled();
    };
    const onData = (chunk: Uint8Array) => {
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf(HEAD_END);
      if (end < 0 && head.length > MAX_HEAD) {
        return onError(new ProtocolError("its head is too long"));
      }
      if (end < 0) return;
      const rest = head.subarray(end + HEAD_END.length);
      settle(() => {
        if (rest.length > 0) socket.unshift(rest);
        resolve(head.subarray(0, end));
      });
    };
    const onError = (error: unknown) => settle(() => reject(error));
    const onEnd = () => onError(new ProtocolError("it hung up without an answer"));
    socket.on("error", onError).on("end", onEnd).on("close", onEnd).on("data", onData);
  });
}

function parseHead(bytes: Uint8Array): AnswerHead {
  const [first = "", ...lines] = new TextDecoder("latin1").decode(bytes).split("\r\n");
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(first)?.[1];
  if (status === undefined) {
    throw new ProtocolError(`it does not speak HTTP: "${first.slice(0, 40)}"`);
  }
  const headers = lines.map((line) => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()] as const;
  });
  return { status: Number(status), headers: new Map(headers) };
}
