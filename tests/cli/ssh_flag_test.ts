import assert from "node:assert/strict";
import { createServer } from "node:net";
import { join } from "node:path";
import { parseSsh } from "../../src/cli/ssh_flag.ts";
import type { SshSource } from "../../src/types.ts";
import { tempFolder } from "../support/temp_folder.ts";

const PIPE = "\\\\.\\pipe\\openssh-ssh-agent";

const GOOD: [items: string[], ssh: Record<string, SshSource>][] = [
  [[], {}],
  [[""], {}],
  [["default"], { default: {} }],
  [["default="], { default: {} }],
  [["=k"], { default: { keys: ["k"] } }],
  [["git"], { git: {} }],
  [["git=k"], { git: { keys: ["k"] } }],
  [["git=k,l"], { git: { keys: ["k", "l"] } }],
  [["git=k,raw=false"], { git: { keys: ["k"] } }],
  [["git=a=b"], { git: { keys: ["a=b"] } }],
  [["db=/run/db.sock,raw=true"], { db: { socket: "/run/db.sock", raw: true } }],
  [["db=raw=1,/run/db.sock"], { db: { socket: "/run/db.sock", raw: true } }],
  [[`default=${PIPE}`], { default: { agent: PIPE } }],
  [["a", "b=k", "a=l"], { a: { keys: ["l"] }, b: { keys: ["k"] } }],
];

for (const [items, ssh] of GOOD) {
  Deno.test(`parseSsh() reads ${items.join(" ") || "nothing"}`, () => {
    assert.deepEqual(parseSsh(items), ssh);
  });
}

const BAD: [item: string, message: RegExp][] = [
  ["db=raw=true", /^--ssh "db=raw=true": raw needs just one socket$/],
  ["db=a,b,raw=true", /raw needs just one socket$/],
  ["db=a,raw=maybe", /raw is true or false, not "maybe"$/],
  [`a=${PIPE},key`, /names a socket and more; it is one socket or keys$/],
];

for (const [item, message] of BAD) {
  Deno.test(`parseSsh() refuses ${item}`, () => {
    assert.throws(() => parseSsh([item]), { name: "UsageError", message });
  });
}

Deno.test("parseSsh() tells sockets from keys", async () => {
  await using folder = tempFolder();
  const socket = join(folder.path, "agent.sock");
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  try {
    assert.deepEqual(parseSsh([`a=${socket}`]), { a: { agent: socket } });
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
});
