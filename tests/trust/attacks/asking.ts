/** Asking for secrets, keys, logins and blobs. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { Auth } from "../../../src/gen/auth.ts";
import { Content, WriteAction } from "../../../src/gen/content.ts";
import { Secrets } from "../../../src/gen/secrets.ts";
import { SSH } from "../../../src/gen/sshforward.ts";
import { bytesMessageData, bytesMessageHeader } from "../../../src/rpc/bytes_message.ts";
import { concat } from "../../../src/rpc/concat.ts";
import { RpcError } from "../../../src/rpc/status.ts";
import type { BuildOptions } from "../../../src/types.ts";
import type { HostileSession } from "../../support/hostile_session.ts";
import type { Attack } from "../attack.ts";
import { CANARY, type World } from "../world.ts";

/** A call that must fail; the daemon goes on as if nothing was. */
async function denied(call: Promise<unknown>, said = /./): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (error instanceof RpcError && said.test(error.message)) return;
    throw error;
  }
  assert.fail("answered");
}

/** Ids that nobody declared. */
function secret(id: string, options: BuildOptions = {}): Attack {
  return {
    group: "Secrets",
    what: `asks for the secret \`${id}\``,
    options: () => ({ output: "cacheonly", secrets: { token: CANARY }, ...options }),
    script: () => ({ session: (session) => denied(session.unary(Secrets.getSecret, { id })) }),
    outcome: "built",
    refused: /^(?:the builder asked for )?the secret ".*": refused$/,
  };
}

function ssh(id: string): Attack {
  return {
    group: "SSH",
    what: `asks for the ssh keys \`${id}\``,
    options: withAgent,
    script: () => ({
      async session(session) {
        await denied(session.unary(SSH.checkAgent, { id }));
        const call = session.open(SSH.forwardAgent.path, { "buildkit.ssh.id": id });
        call.send(bytesMessage(agentMessage(11)));
        assert.notEqual(await call.over(), 0);
      },
    }),
    outcome: "built",
    refused: /^(?:the builder asked for )?the ssh keys ".*": refused$/,
  };
}

/** An agent that gives the canary away, whatever it is asked. */
async function withAgent({ path, ends }: World): Promise<BuildOptions> {
  const socket = join(path, "agent.sock");
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.on("data", () => socket.end(agentMessage(12, CANARY)));
  });
  ends.push(() => server.close());
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  return { output: "cacheonly", ssh: { agent: { agent: socket } } };
}

function agentMessage(type: number, text = ""): Uint8Array {
  const body = new TextEncoder().encode(text);
  const message = new Uint8Array(5 + body.length);
  new DataView(message.buffer).setUint32(0, body.length + 1);
  message[4] = type;
  message.set(body, 5);
  return message;
}

/** As BytesMessage, without the frame's header. */
function bytesMessage(bytes: Uint8Array): Uint8Array {
  return concat([bytesMessageHeader(bytes.length).subarray(5), bytes]);
}

/** What an agent must not be sent by a build. */
function agent(what: string, type: number): Attack {
  return {
    group: "SSH",
    what: `has the agent ${what}`,
    options: withAgent,
    script: () => ({
      async session(session) {
        const call = session.open(SSH.forwardAgent.path, { "buildkit.ssh.id": "agent" });
        call.send(bytesMessage(agentMessage(type, "x"))).end();
        const answers = await call.rest();
        // SSH_AGENT_FAILURE, by us.
        assert.deepEqual([...concat(answers.map(bytesMessageData))], [0, 0, 0, 1, 5]);
      },
    }),
    outcome: "built",
  };
}

/** Everything that an agent can be asked, but to list keys and to sign. */
const anyMessage: Attack = {
  ...agent("do any of the 254 things that are no list and no signature", 0),
  script: () => ({
    async session(session) {
      const types = Array.from({ length: 256 }, (_, type) => type)
        .filter((type) => type !== 11 && type !== 13);
      const call = session.open(SSH.forwardAgent.path, { "buildkit.ssh.id": "agent" });
      for (const type of types) call.send(bytesMessage(agentMessage(type, "x")));
      const answers = concat((await call.end().rest()).map(bytesMessageData));
      assert.deepEqual([...answers], types.flatMap(() => [0, 0, 0, 1, 5]));
    },
  }),
};

/** Where the servers of an attack are. */
interface Places {
  readonly realm: string;
  /** Requests that came to the other server. */
  strangers: number;
}

/** A token service of the daemon's choice, and another server beside it. The login is the build's to give. */
function realm(
  what: string,
  said: RegExp,
  serve: (socket: Socket, other: string) => void,
): Attack {
  const places = new WeakMap<World, Places>();
  return {
    group: "Logins",
    what: `names a token service that ${what}`,
    async options(world) {
      const other = await listening(world, (socket) => {
        places.get(world)!.strangers++;
        socket.destroy();
      });
      const service = await listening(world, (socket) => {
        socket.once("data", () => serve(socket, other));
      });
      places.set(world, { realm: `${service}/token`, strangers: 0 });
      return { output: "cacheonly", buildArgs: { BASE: "registry.example/app" } };
    },
    script: (world) => ({
      session: (session) =>
        denied(
          session.unary(Auth.fetchToken, {
            ...{ clientId: "x", host: "registry.example", realm: places.get(world)!.realm },
            ...{ service: "registry.example", scopes: ["repository:app:pull"] },
          }),
          said,
        ),
    }),
    outcome: "built",
    check: (world) => assert.equal(places.get(world)!.strangers, 0),
  };
}

/** Starts a server on this machine, which takes a login in plain text. */
async function listening({ ends }: World, serve: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    // The client goes away in the middle.
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
    serve(socket);
  });
  ends.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const CLOSE = "connection: close\r\n";

/** An answer that goes on for as long as it is taken. */
function sendWithoutEnd(socket: Socket): void {
  socket.write(`HTTP/1.1 200 OK\r\n${CLOSE}content-type: application/json\r\n\r\n{"token":"`);
  const piece = "x".repeat(1 << 16);
  const more = () => {
    while (!socket.destroyed && socket.write(piece));
  };
  socket.on("drain", more);
  more();
}

/** A credential helper that notes what it is asked. */
function withHelper({ path, out }: World): BuildOptions {
  writeFileSync(
    join(path, "docker/docker-credential-recorder"),
    `#!/bin/sh\n{ cat; echo; } >> '${out}/asked'\necho '{"Username":"user","Secret":"s"}'\n`,
    { mode: 0o755 },
  );
  writeFileSync(join(path, "docker/config.json"), '{"credsStore":"recorder"}');
  return { output: "cacheonly", buildArgs: { BASE: "registry.example/app" } };
}

/** A host that would be two lines to a helper, which is asked for the first one. */
const twoLines: Attack = {
  group: "Logins",
  what: "asks a credential helper for two hosts by a line break",
  options: withHelper,
  script: () => ({
    async session(session) {
      const { secret } = await session.unary(Auth.credentials, { host: "registry.example" });
      assert.equal(secret, "s");
      for (const end of ["\n", "\r\n", "\0", "\u2028"]) {
        const host = `registry.example${end}other.example`;
        await denied(session.unary(Auth.credentials, { host }));
      }
    },
  }),
  outcome: "built",
  refused: /^(?:the builder asked for )?the login of ".*": refused$/,
  check: ({ out }) => assert.equal(readFileSync(join(out, "asked"), "utf8"), "registry.example\n"),
};

/** Hosts that are none, or look like one with a login. */
function login(host: string, how = "looks like one that has a login"): Attack {
  return {
    group: "Logins",
    what: `asks for the login of ${JSON.stringify(host)}, which ${how}`,
    script: () => ({
      async session(session) {
        const answer = await session.unary(Auth.credentials, { host }).catch((error) => {
          if (error instanceof RpcError) return { username: "", secret: "" };
          throw error;
        });
        assert.deepEqual([answer.username, answer.secret], ["", ""]);
      },
    }),
    outcome: "built",
    ...(how === "is no host" &&
      { refused: /^(?:the builder asked for )?the login of ".*": refused$/ }),
  };
}

const BLOB = new TextEncoder().encode("a blob");
const DIGEST = `sha256:${createHash("sha256").update(BLOB).digest("hex")}`;
const OTHER = `sha256:${"0".repeat(64)}`;

/** A build with a cache that is only read. */
function importing(world: World): BuildOptions {
  const folder = join(world.path, "cache");
  mkdirSync(join(folder, "blobs/sha256"), { recursive: true });
  writeFileSync(join(folder, "blobs", DIGEST.replace(":", "/")), BLOB);
  const mediaType = "application/vnd.oci.image.manifest.v1+json";
  const annotations = { "org.opencontainers.image.ref.name": "latest" };
  const manifests = [{ mediaType, digest: DIGEST, size: BLOB.length, annotations }];
  writeFileSync(join(folder, "index.json"), JSON.stringify({ schemaVersion: 2, manifests }));
  writeFileSync(join(folder, "oci-layout"), '{"imageLayoutVersion":"1.0.0"}');
  return { output: "cacheonly", cacheFrom: [{ type: "local", src: folder }] };
}

const storeOf = (world: World) => ({
  "buildkit-attachable-store-id": `local:${join(world.path, "cache")}`,
});

function blob(
  what: string,
  session: (session: HostileSession, world: World) => Promise<void>,
  refused: RegExp | undefined,
  options: Attack["options"] = importing,
): Attack {
  return {
    ...{ group: "Caches", what, outcome: "built", refused, options: options! },
    script: (world) => ({ session: (opened) => session(opened, world) }),
  };
}

async function writeBlob(
  session: HostileSession,
  fields: Record<string, string>,
  { expected = DIGEST, ref = "x" } = {},
): Promise<void> {
  const call = session.open(Content.write.path, fields);
  call.send(Content.write.request.encode({
    ...{ action: WriteAction.COMMIT, ref, data: BLOB },
    ...{ total: BigInt(BLOB.length), expected, offset: 0n },
  }));
  await call.end().rest();
}

const exported = ({ out }: World): BuildOptions => ({
  output: "cacheonly",
  cacheTo: [{ type: "local", dest: join(out, "cache") }],
});

/** A cache that names what is outside of it. */
function importingPath(world: World): BuildOptions {
  const options = importing(world);
  const index = join(world.path, "cache/index.json");
  const text = readFileSync(index, "utf8");
  writeFileSync(index, text.replace(DIGEST, "sha256:../../../outside/secret.txt"));
  return options;
}

/** All methods of a store, with nothing in their requests. */
async function callWithNothing(session: HostileSession, fields: Record<string, string>) {
  for (const { path } of Object.values(Content)) {
    for (const message of [new Uint8Array(), new Uint8Array([0x0a, 0])]) {
      await session.open(path, fields).send(message).end().over();
      await session.open(path, {}).send(message).end().over();
    }
    await session.open(path, fields).end().over();
  }
}

/** What is tried. */
export const ASKING: readonly Attack[] = [
  secret("other"),
  secret("../token"),
  secret("__proto__"),
  secret("constructor"),
  secret("HOME"),
  secret("a\nb"),
  {
    ...secret("token"),
    what: "asks for a secret of a build that has none",
    options: () => ({ output: "cacheonly" }),
    refused: /GetSecret": refused$/,
  },
  ssh("default"),
  ssh("__proto__"),
  ssh("/etc/passwd"),
  agent("add a key", 17),
  agent("remove all keys", 19),
  agent("lock itself", 22),
  agent("load a library", 20),
  agent("do an extension", 27),
  agent("list keys of version 1", 1),
  anyMessage,
  login("registry.example.evil.example"),
  login("evil-registry.example"),
  login("registry.example:444"),
  login("REGISTRY.EXAMPLE"),
  login("registry.example."),
  login("other.example"),
  login("other.example:50000"),
  login("xn--registry-example"),
  login("registry.example\nother.example:5000", "is no host"),
  login("registry.example/", "is no host"),
  login("https://registry.example", "is no host"),
  login("user@registry.example", "is no host"),
  login("registry.example@evil.example", "is no host"),
  login("registry.example ", "is no host"),
  login("", "is no host"),
  {
    ...login("registry.example", "has a login, but is not named by the build"),
    refused: /the login of registry\.example: refused/,
  },
  {
    ...login("registry.example", "has a login, but is named only as a part of another"),
    options: () => ({
      output: "cacheonly",
      buildArgs: { BASE: "registry.example.org/app", OTHER: "a-registry.example/x" },
    }),
    refused: /the login of registry\.example: refused/,
  },
  login("../../outside/secret.txt", "is no host"),
  twoLines,
  realm(
    "sends the login on to another host",
    /wants the login at .*, another host/,
    (socket, other) => {
      socket.end(
        `HTTP/1.1 307 Elsewhere\r\n${CLOSE}location: ${other}/\r\ncontent-length: 0\r\n\r\n`,
      );
    },
  ),
  realm("answers without end", /token service/, sendWithoutEnd),
  realm("answers with a token of two lines", /characters that no token has/, (socket) => {
    const body = JSON.stringify({ token: "a\r\nset-cookie: b" });
    socket.end(`HTTP/1.1 200 OK\r\n${CLOSE}content-length: ${body.length}\r\n\r\n${body}`);
  }),
  blob(
    "reads from a store that is none of the build's",
    (session) =>
      denied(session.unary(Content.info, { digest: DIGEST }, {
        "buildkit-attachable-store-id": "local:/etc",
      })),
    /the store "local:\/etc": refused$/,
  ),
  blob(
    "takes a path for a digest",
    async (session, world) => {
      for (const digest of ["sha256:../../index.json", "../../../outside/secret.txt", "sha256:"]) {
        await denied(session.unary(Content.info, { digest }, storeOf(world)));
        const call = session.open(Content.read.path, storeOf(world));
        call.send(Content.read.request.encode({ digest, offset: 0n, size: 0n })).end();
        assert.notEqual(await call.over(), 0);
      }
    },
    /the blob "sha256:\.\.\/\.\.\/index\.json": refused$/,
  ),
  {
    ...blob("names the image of a layout by a path", async () => {}, undefined),
    options: ({ out }) => ({ output: { type: "oci", tar: false, dest: join(out, "layout") } }),
    script: ({ path }) => ({
      async session(session) {
        const fields = { "buildkit-attachable-store-id": "export" };
        await writeBlob(session, fields).catch((error) => {
          if (!(error instanceof RpcError)) throw error;
        });
        const digest = "sha256:../../../outside/secret.txt";
        const descriptor = JSON.stringify({ mediaType: "x", digest, size: 1 });
        return {
          "containerimage.digest": join(path, "outside/secret.txt"),
          "containerimage.descriptor": btoa(descriptor),
        };
      },
    }),
    outcome: "PROTOCOL_VIOLATION",
    check({ out }) {
      const index = join(out, "layout/index.json");
      assert.ok(!existsSync(index) || !readFileSync(index, "utf8").includes("secret.txt"));
    },
  },
  {
    ...blob("reads what a cache's index.json names by a path", async () => {}, undefined),
    options: importingPath,
  },
  blob(
    "calls for blobs with nothing in its requests",
    (session, world) => callWithNothing(session, storeOf(world)),
    undefined,
  ),
  blob(
    "calls for blobs with nothing in its requests, of a cache that is written",
    (session, { out }) =>
      callWithNothing(session, { "buildkit-attachable-store-id": `local:${join(out, "cache")}` }),
    undefined,
    exported,
  ),
  blob(
    "reads before the beginning of a blob, and behind its end",
    async (session, world) => {
      for (const offset of [-1n, -(1n << 62n), 1n << 62n]) {
        const call = session.open(Content.read.path, storeOf(world));
        call.send(Content.read.request.encode({ digest: DIGEST, offset, size: 1n << 62n })).end();
        await call.over();
      }
    },
    undefined,
  ),
  blob(
    "plants a blob in a cache that is only read",
    (session, world) => denied(writeBlob(session, storeOf(world))),
    /changes to blobs .*: refused$/,
  ),
  blob(
    "deletes from a cache that is only read",
    (session, world) => denied(session.unary(Content.delete, { digest: DIGEST }, storeOf(world))),
    /changes to blobs .*: refused$/,
  ),
  blob(
    "labels a blob of a cache that is only read",
    (session, world) => denied(session.unary(Content.update, {}, storeOf(world))),
    undefined,
  ),
  blob(
    "writes a blob under another's digest",
    async (session, { out }) => {
      const id = `local:${join(out, "cache")}`;
      const fields = { "buildkit-attachable-store-id": id };
      await denied(writeBlob(session, fields, { expected: OTHER }));
    },
    undefined,
    exported,
  ),
  blob(
    "names what it writes by a path",
    async (session, { out }) => {
      const id = `local:${join(out, "cache")}`;
      const fields = { "buildkit-attachable-store-id": id };
      const ref = "../../../../outside/planted";
      await writeBlob(session, fields, { ref }).catch((error) => {
        if (!(error instanceof RpcError)) throw error;
      });
      assert.ok(!readdirSync(join(out, "..", "outside")).includes("planted"));
    },
    undefined,
    exported,
  ),
];
