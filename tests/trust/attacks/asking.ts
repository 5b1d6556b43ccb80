/** Asking for secrets, keys, logins and blobs. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
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
async function denied(call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (error instanceof RpcError) return;
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
      tags: ["registry.example.org/app", "a-registry.example/x"],
    }),
    refused: /the login of registry\.example: refused/,
  },
  login("../../outside/secret.txt", "is no host"),
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
