import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { readFileSync } from "node:fs";
import http from "node:http";
import type { AddressInfo, Socket } from "node:net";
import tls from "node:tls";
import { parseAddress } from "../../src/connect/address.ts";
import type { Endpoint } from "../../src/connect/dial.ts";
import { diagnose } from "../../src/connect/probe.ts";
import { loadTls } from "../../src/connect/tls.ts";
import type { ConnectionErrorCode } from "../../src/errors.ts";
import { type Certificates, makeCertificates } from "../support/certificates.ts";
import { daemonTest } from "../support/env.ts";
import { deadAddress, listen } from "../support/listener.ts";
import { tempFolder } from "../support/temp_folder.ts";

const SETTINGS = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]);
const TIMEOUT = { timeoutMs: 100 };

/** Peers without TLS: what they do, and what is said about them. */
const PEERS: Array<[string, (socket: Socket) => void, ConnectionErrorCode | undefined, RegExp?]> = [
  ["speaks HTTP/2", (socket) => socket.write(SETTINGS), undefined],
  ["speaks HTTP/2 and hangs up", (socket) => socket.end(SETTINGS), undefined],
  ["speaks HTTP/2 in pieces", (socket) => {
    socket.write(SETTINGS.subarray(0, 2));
    setTimeout(() => socket.write(SETTINGS.subarray(2)), 10);
  }, undefined],
  [
    "speaks HTTP/1.1",
    (socket) => {
      socket.end("HTTP/1.1 400 Bad Request\r\n\r\n");
    },
    "NOT_BUILDKIT",
    /it answered "HTTP\/1.1 400 Bad Request"/,
  ],
  ["speaks SSH", (socket) => socket.write("SSH-2.0-OpenSSH_9\r\n"), "NOT_BUILDKIT", /"SSH-2.0/],
  ["says one word", (socket) => socket.end("+OK"), "NOT_BUILDKIT", /it answered "\+OK"/],
  [
    "sends a TLS alert",
    (socket) => {
      socket.end(Buffer.from([21, 3, 3, 0, 2, 2, 70]));
    },
    "TLS_REQUIRED",
    /Give a CA/,
  ],
  ["hangs up", (socket) => socket.end(), "CONNECTION_LOST", /hung up at once/],
  ["resets", reset, "CONNECTION_LOST"],
  ["says nothing", () => {}, "CONNECT_TIMEOUT", /no answer in time/],
];

for (const [what, serve, code, text] of PEERS) {
  Deno.test(`diagnose() of a peer that ${what}: ${code ?? "nothing is wrong"}`, async () => {
    await using listener = await listen(serve);
    await check({ address: parseAddress(listener.address) }, code, text);
  });
}

const TLS_PEERS: Array<[string, (socket: Socket) => void, ConnectionErrorCode, RegExp?]> = [
  ["speaks HTTP/2 without TLS", (socket) => socket.write(SETTINGS), "TLS_FAILED"],
  ["speaks HTTP/1.1", (socket) => socket.end("HTTP/1.1 400 Bad\r\n\r\n"), "TLS_FAILED"],
  ["hangs up", (socket) => socket.end(), "CONNECTION_LOST"],
  ["resets", reset, "CONNECTION_LOST"],
  ["says nothing", () => {}, "CONNECT_TIMEOUT"],
];

for (const [what, serve, code, text] of TLS_PEERS) {
  Deno.test(`diagnose() with TLS of a peer that ${what}: ${code}`, async () => {
    await using listener = await listen(serve);
    await check({ address: parseAddress(listener.address), tls: {} }, code, text);
  });
}

Deno.test("diagnose() says why nothing could be dialed", async () => {
  await check({ address: parseAddress(await deadAddress()) }, "CONNECTION_REFUSED");
});

Deno.test("diagnose() of a real HTTP server", async () => {
  const server = http.createServer((_, response) => void response.end("hello"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await check({ address: parseAddress(`tcp://127.0.0.1:${port}`) }, "NOT_BUILDKIT");
  await new Promise((resolve) => server.close(resolve));
});

Deno.test("diagnose() rejects with the signal's reason", async () => {
  await using listener = await listen();
  const reason = new Error("enough");
  const controller = new AbortController();
  const endpoint = { address: parseAddress(listener.address) };
  const asking = diagnose(endpoint, { signal: controller.signal });
  setTimeout(() => controller.abort(reason), 20);
  await assert.rejects(asking, (error) => error === reason);
});

daemonTest("diagnose() of TLS servers", async ({ tools }, test) => {
  await using folder = tempFolder();
  const certificates = await makeCertificates(tools, folder.path);
  const { ca } = certificates;
  const cases: Array<[string, tls.TlsOptions, Endpoint["tls"], ConnectionErrorCode | undefined]> = [
    ["without TLS", {}, undefined, "TLS_REQUIRED"],
    ["with its CA", {}, loadTls({ ca }), undefined],
    ["with no CA", {}, {}, "TLS_FAILED"],
    ["with its CA and a name it has", {}, loadTls({ ca, serverName: "builder.test" }), undefined],
    ["with another name", {}, loadTls({ ca, serverName: "other.test" }), "TLS_FAILED"],
    ["that wants a client's certificate", { requestCert: true }, loadTls({ ca }), "TLS_FAILED"],
    ["that gets one", { requestCert: true }, loadTls({ ca, ...certificates.client }), undefined],
  ];
  for (const [what, options, material, code] of cases) {
    await test.step(what, async () => {
      await using server = await listenTls(certificates, options);
      const address = parseAddress(server.address);
      await check({ address, ...(material && { tls: material }) }, code);
    });
  }
});

function reset(socket: Socket): void {
  socket.once("data", () => socket.resetAndDestroy());
}

async function check(
  endpoint: Endpoint,
  code: ConnectionErrorCode | undefined,
  text: RegExp = /./,
): Promise<void> {
  const found = await diagnose(endpoint, TIMEOUT);
  assert.equal(found?.code, code, String(found));
  if (found === undefined) return;
  assert.equal(found.address, endpoint.address.text);
  assert(found.message.includes(endpoint.address.text), found.message);
  assert.match(found.message, text);
}

async function listenTls(
  { ca, server: { cert, key } }: Certificates,
  options: tls.TlsOptions,
): Promise<AsyncDisposable & { address: string }> {
  const sockets = new Set<Socket>();
  const server = tls.createServer({
    ca: readFileSync(ca),
    cert: readFileSync(cert),
    key: readFileSync(key),
    rejectUnauthorized: true,
    ALPNProtocols: ["h2"],
    ...options,
  }, (socket) => {
    socket.on("error", () => {});
    socket.write(SETTINGS);
  });
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
  });
  server.on("tlsClientError", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    address: `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
