import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { agentSocket } from "../../src/ssh/agent_socket.ts";
import { rawSocket } from "../../src/ssh/raw_socket.ts";
import { string } from "../../src/ssh/wire.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { TestConnection } from "./connections.ts";

interface Listener extends AsyncDisposable {
  readonly path: string;
  /** The connections so far. */
  readonly sockets: Socket[];
  readonly server: Server;
}

/** A socket whose connections `serve` gets. */
async function listen(serve: (socket: Socket) => void): Promise<Listener> {
  const folder = tempFolder();
  const path = join(folder.path, "test.sock");
  const sockets: Socket[] = [];
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.push(socket.on("error", () => {}));
    serve(socket);
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return {
    path,
    sockets,
    server,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      await folder[Symbol.asyncDispose]();
    },
  };
}

const BIG = Uint8Array.from({ length: 8 << 20 }, (_, i) => (i * 7 + (i >> 10)) & 0xff);

function pieces(bytes: Uint8Array, size: number): Uint8Array[] {
  const count = Math.ceil(bytes.length / size);
  return Array.from({ length: count }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
}

Deno.test("rawSocket() passes bytes both ways, and half-closes", async () => {
  const heard: Uint8Array[] = [];
  await using listener = await listen((socket) => {
    socket.on("data", (chunk: Uint8Array) => void heard.push(chunk));
    // The answer comes after the build's half-close.
    socket.on("end", () => socket.end(BIG));
  });
  const connection = new TestConnection();
  const serving = connection.servedBy(rawSocket(listener.path));
  connection.send(...pieces(BIG, 32 << 10));
  connection.end();
  await serving;
  assert.deepEqual(new Blob(heard as BlobPart[]).size, BIG.length);
  assert.deepEqual(connection.received, BIG);
});

Deno.test("rawSocket() ends with the owner's last byte", async () => {
  await using listener = await listen((socket) => socket.end("bye"));
  const connection = new TestConnection();
  await connection.servedBy(rawSocket(listener.path));
  assert.equal(new TextDecoder().decode(connection.received), "bye");
});

Deno.test("rawSocket() takes no more than the owner reads", async () => {
  await using listener = await listen((socket) => void socket.pause());
  const connection = new TestConnection();
  const serving = connection.servedBy(rawSocket(listener.path));
  const all = pieces(BIG, 32 << 10);
  connection.send(...all);
  await once(listener.server, "connection");
  while (connection.waiting === all.length) await new Promise((resolve) => setImmediate(resolve));
  for (let i = 0; i < 50; i++) await new Promise((resolve) => setImmediate(resolve));
  assert(connection.waiting > all.length / 2, `${connection.waiting} of ${all.length} wait`);
  connection.end();
  let size = 0;
  const [socket] = listener.sockets;
  socket!.on("data", (chunk: Uint8Array) => size += chunk.length).on("end", () => socket!.end());
  socket!.resume();
  await serving;
  assert.equal(size, BIG.length);
});

Deno.test("rawSocket() reads no more than the build takes", async () => {
  let room = true;
  await using listener = await listen((socket) => {
    for (const piece of pieces(BIG, 64 << 10)) room = socket.write(piece);
    socket.end();
  });
  const connection = new TestConnection();
  connection.blocked = true;
  const serving = connection.servedBy(rawSocket(listener.path));
  await once(listener.server, "connection");
  for (let i = 0; i < 50; i++) await new Promise((resolve) => setImmediate(resolve));
  assert(!room);
  assert(listener.sockets[0]!.writableLength > BIG.length / 2);
  connection.unblock();
  await serving;
  assert.equal(connection.received.length, BIG.length);
});

for (
  const [name, answer] of [["rawSocket()", rawSocket], ["agentSocket()", agentSocket]] as const
) {
  Deno.test(`${name} lets go of a connection that breaks off`, async () => {
    await using listener = await listen((socket) => void socket.resume());
    const connection = new TestConnection();
    const serving = connection.servedBy(answer(listener.path));
    connection.send(string(Uint8Array.of(11)));
    const [socket] = await once(listener.server, "connection") as [Socket];
    const closed = once(socket, "end");
    const reason = new Error("reset");
    connection.break(reason);
    await assert.rejects(serving, (error) => error === reason);
    await closed;
  });

  Deno.test(`${name} fails where nothing listens`, async () => {
    const connection = new TestConnection();
    await assert.rejects(connection.servedBy(answer("/nowhere/agent.sock")), { code: "ENOENT" });
  });
}

Deno.test("agentSocket() says so if the agent hangs up", async () => {
  await using listener = await listen((socket) => socket.end());
  const connection = new TestConnection();
  connection.send(string(Uint8Array.of(11)));
  await assert.rejects(
    connection.servedBy(agentSocket(listener.path)),
    /^Error: the agent at .* closed the connection$/,
  );
});

Deno.test("agentSocket() takes no answer that is too long", async () => {
  await using listener = await listen((socket) => void socket.write(Uint8Array.of(9, 0, 0, 0, 12)));
  const connection = new TestConnection();
  connection.send(string(Uint8Array.of(11)));
  await assert.rejects(connection.servedBy(agentSocket(listener.path)), /closed the connection$/);
  assert.equal(connection.received.length, 0);
});
