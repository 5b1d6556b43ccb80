/** The bytes and headers of docs/protocol.md are those of builds on a real daemon. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { build, BuildError } from "../../mod.ts";
import { bytesMessageData } from "../../src/rpc/bytes_message.ts";
import { concat } from "../../src/rpc/concat.ts";
import { envelope, FRAME_HEADER } from "../../src/rpc/envelope.ts";
import { RpcError } from "../../src/rpc/status.ts";
import { daemonTest, type TestEnvironment } from "../support/env.ts";
import type { RecordedCall } from "../support/recorder/recorded_call.ts";
import { startRecorder } from "../support/recorder/recorder.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { pages } from "./markdown.ts";

/** A block of bytes, or of headers, and whose they are. */
const BLOCK_REGEXP = /^```(hex|headers) ([^\n]+)\n([\s\S]*?)^```$/gm;

/** What went over the wire, each message with its five bytes of gRPC: by `Service/Method from SIDE`. */
interface Traffic {
  readonly messages: ReadonlyMap<string, Uint8Array[]>;
  /** Each call's `Service/Method` and metadata, as `name: value` and as `name: *`. */
  readonly metadata: ReadonlyArray<
    { readonly method: string; readonly fields: ReadonlySet<string> }
  >;
}

/** Bytes; undefined is any byte. */
type Pattern = ReadonlyArray<number | undefined>;

daemonTest("docs/protocol.md has bytes and headers of real builds", async (environment) => {
  const { text } = pages().find(({ path }) => path === "docs/protocol.md")!;
  const { messages, metadata } = await recordBuilds(environment);
  const blocks = [...text.matchAll(BLOCK_REGEXP)].map(([, language, what, content]) => ({
    language: language!,
    what: what!,
    content: content!,
  }));
  const wrong = blocks.filter(({ language, what, content }) =>
    language === "hex"
      ? !isSent(what, messages.get(what) ?? [], bytesOf(content))
      : !metadata.some(({ method, fields }) => method === what && hasFields(fields, content))
  );
  assert.deepEqual(wrong, []);
  assert(blocks.length > 15, `${blocks.length} blocks`);
});

daemonTest("docs/protocol.md names the details of errors", async ({ tcpAddress, baseImage }) => {
  const { text } = pages().find(({ path }) => path === "docs/protocol.md")!;
  const context = { Dockerfile: `FROM ${baseImage}\nRUN exit 7\n` };
  const error = await build({ address: tcpAddress, context }).catch((reason: unknown) => reason);
  assert(error instanceof BuildError && error.cause instanceof RpcError, String(error));
  const types = new Set(error.cause.details.map(({ typeUrl }) => typeUrl));
  assert.deepEqual([...types].filter((type) => !text.includes(`\`${type}\``)), []);
  assert(types.size > 2, `${types.size} types`);
});

/** Three builds: into a folder, with an ignore file that is not ASCII into a tar, and with a secret. */
async function recordBuilds({ tcpAddress, baseImage }: TestEnvironment): Promise<Traffic> {
  await using out = tempFolder();
  const messages = new Map<string, Uint8Array[]>();
  await using recorder = await startRecorder(tcpAddress, ({ path }, from, message) => {
    const method = shortName(path);
    const caller = method.startsWith("Control/") ? "client" : "daemon";
    const answers = caller === "client" ? "daemon" : "client";
    const key = `${method} from ${from === "caller" ? caller : answers}`;
    messages.set(key, [...messages.get(key) ?? [], envelope(message)]);
  });
  const address = recorder.address;
  // By the names of its files the daemon knows a context again; one that it knows is not sent.
  const unique = { [`zz-${crypto.randomUUID()}`]: "" };
  const hello = {
    Dockerfile: "FROM scratch\nCOPY hello.txt /\n",
    "hello.txt": "hello\n",
    ...unique,
  };
  const output = { type: "local", dest: join(out.path, "files") } as const;
  await build({ address, context: hello, output, noCache: true });
  const ignoring = {
    Dockerfile: "FROM scratch\nCOPY . /\n",
    ".dockerignore": "naïve*\nb c\n",
    "a": "a",
    "z": "z",
    ...unique,
  };
  const tar = { type: "tar", dest: join(out.path, "result.tar") } as const;
  await build({ address, context: ignoring, output: tar, noCache: true });
  const run = "RUN --mount=type=secret,id=token,required=true test -s /run/secrets/token";
  const context = { Dockerfile: `FROM ${baseImage}\n${run}\n` };
  await build({ address, context, secrets: { token: "s3cr3t" }, noCache: true });
  const metadata = recorder.calls.flatMap((call) => [call, ...call.inner])
    .map((call) => ({ method: shortName(call.path), fields: fieldsOf(call) }));
  return { messages, metadata };
}

/** Whether a block is a part of the session's pipe, of a status message, or the beginning of another message. */
function isSent(what: string, messages: readonly Uint8Array[], wanted: Pattern): boolean {
  if (what.startsWith("Control/Session ")) {
    const pipe = concat(
      messages.map((message) => bytesMessageData(message.subarray(FRAME_HEADER))),
    );
    return contains(pipe, wanted.slice(FRAME_HEADER + 2));
  }
  if (what.startsWith("Control/")) return messages.some((message) => contains(message, wanted));
  return messages.some((message) => beginsWith(message, wanted));
}

function contains(bytes: Uint8Array, wanted: Pattern): boolean {
  for (let at = 0; at + wanted.length <= bytes.length; at++) {
    if (beginsWith(bytes.subarray(at), wanted)) return true;
  }
  return false;
}

function beginsWith(bytes: Uint8Array, wanted: Pattern): boolean {
  return bytes.length >= wanted.length &&
    wanted.every((byte, i) => byte === undefined || byte === bytes[i]);
}

/** The bytes of a block: of each line what stands before two blanks; `..` is any byte. */
function bytesOf(block: string): Pattern {
  const lines = block.split("\n").map((line) => line.trim().split("  ")[0]!);
  return lines.join(" ").split(" ").filter((word) => word !== "").map((word) => {
    assert(/^(?:[0-9a-f]{2}|\.\.)$/.test(word), `${word} is no byte`);
    return word === ".." ? undefined : parseInt(word, 16);
  });
}

/** Whether a call has all these headers; of those with `*` any value. */
function hasFields(fields: ReadonlySet<string>, block: string): boolean {
  return block.trim().split("\n").every((line) => fields.has(line));
}

function fieldsOf({ metadata }: RecordedCall): ReadonlySet<string> {
  return new Set(metadata.flatMap(([name, value]) => [`${name}: ${value}`, `${name}: *`]));
}

/** `Service/Method` of a path. */
function shortName(path: string): string {
  return path.slice(path.lastIndexOf(".") + 1);
}
