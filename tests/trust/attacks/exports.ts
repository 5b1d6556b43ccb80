/** Writing outside of an output, or making of it what it is not. */
import assert from "node:assert/strict";
import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { BytesMessage, FileSend } from "../../../src/gen/filesync.ts";
import { PacketType } from "../../../src/gen/fsutil.ts";
import type { BuildOptions } from "../../../src/types.ts";
import type { HostileSession } from "../../support/hostile_session.ts";
import {
  data,
  dir,
  END,
  type Entry,
  file,
  hardlink,
  stat,
  symlink,
} from "../../support/scripted_sender.ts";
import { tarOf } from "../../support/tar_of.ts";
import type { Attack } from "../attack.ts";
import type { World } from "../world.ts";

const FIRST = { "buildkit-attachable-exporter-id": "0" };

const toFolder = ({ out }: World): BuildOptions => ({ output: { type: "local", dest: out } });

const toArchive = ({ out }: World): BuildOptions => ({
  output: { type: "tar", dest: join(out, "result.tar") },
});

/** Entries that no tree has. */
function tree(
  what: string,
  entries: readonly Entry[] | ((world: World) => readonly Entry[]),
  outcome = "PROTOCOL_VIOLATION",
  more: Partial<Attack> = {},
): Attack {
  const refused = outcome === "built" ? undefined : /DiffCopy" in a wrong way: refused/;
  return {
    group: "Folders written",
    what: `sends ${what}`,
    options: toFolder,
    script: (world) => ({
      session: (session) =>
        session.sendTree(typeof entries === "function" ? entries(world) : entries, FIRST),
    }),
    outcome,
    refused,
    ...more,
  };
}

/** A stream of packets of the script's own. */
function packets(
  what: string,
  send: (call: ReturnType<HostileSession["open"]>) => void,
  outcome: string,
  more: Partial<Attack> = {},
): Attack {
  return {
    group: "Folders written",
    what: `sends ${what}`,
    options: toFolder,
    script: () => ({
      async session(session) {
        const call = session.open(FileSend.diffCopy.path, FIRST);
        send(call);
        await call.rest();
      },
    }),
    outcome,
    check: ({ out }) => assert.deepEqual(readdirSync(out), []),
    ...more,
  };
}

/** An archive, by a script of its own. */
function archive(
  what: string,
  session: (session: HostileSession) => Promise<void>,
  outcome: string,
  more: Partial<Attack> = {},
): Attack {
  return {
    group: "Archives written",
    what,
    options: toArchive,
    script: () => ({ session }),
    outcome,
    check: ({ out }) => assert.deepEqual(readdirSync(out), []),
    ...more,
  };
}

const bytes = (size: number): Uint8Array => BytesMessage.encode({ data: new Uint8Array(size) });

/** So many directories in each other, for as long as they are taken: their names together would be gigabytes. */
async function sendNested(session: HostileSession, depth: number): Promise<void> {
  const call = session.open(FileSend.diffCopy.path, FIRST);
  for (let i = 0, path = "d"; i < depth && call.writable; i++, path += "/d") {
    call.packet(stat(dir(path)));
    if (!call.writable && !await call.drained()) break;
  }
  await call.packet(END).rest();
}

/** What is tried. */
export const EXPORTS: readonly Attack[] = [
  tree("`../x`", [file("../x", "evil")], "PATH_ESCAPE"),
  tree("`../../outside/x`", [dir("a"), file("a/../../outside/x", "evil")], "PATH_ESCAPE"),
  tree(
    "an absolute name",
    (world) => [file(join(world.path, "outside/x"), "evil")],
    "PATH_ESCAPE",
  ),
  tree("`.`", [dir(".")], "FILE_NAME_UNSUPPORTED"),
  tree("`..`", [dir("..")], "PATH_ESCAPE"),
  tree("an empty name", [file("", "evil")], "FILE_NAME_UNSUPPORTED"),
  tree("`a//b`", [dir("a"), file("a//b", "evil")]),
  tree("a name with NUL", [file("a\0b", "evil")], "FILE_NAME_UNSUPPORTED"),
  tree("one name twice", [file("a", "1"), file("a", "2")]),
  tree("names out of order", [file("b"), file("a")]),
  tree("a file below a file", [file("a"), file("a/b", "evil")]),
  tree("a file below nothing", [file("a/b", "evil")]),
  tree("a link out, then a file through it", [
    symlink("a", "../outside"),
    file("a/secret.txt", "evil"),
  ]),
  tree("an absolute link, then a file through it", (world) => [
    symlink("a", join(world.path, "outside")),
    file("a/secret.txt", "evil"),
  ]),
  tree("a link out, then a folder of its name", [symlink("a", "../outside"), dir("a")]),
  tree("a link out, and no more", [symlink("a", "../outside/secret.txt")], "built", {
    check: ({ out }) => assert.deepEqual(readdirSync(out), ["a"]),
  }),
  tree("a hard link to `../outside`", [hardlink("a", "../outside/secret.txt")]),
  tree("a hard link to an absolute name", (world) => [
    hardlink("a", join(world.path, "outside/secret.txt")),
  ]),
  tree("a hard link to a link that it sent", [
    symlink("a", "../outside/secret.txt"),
    hardlink("b", "a"),
  ]),
  tree("a hard link to itself", [hardlink("a", "a")]),
  tree("an unknown kind of file", [{ path: "a", mode: 0x00080000 }]),
  tree("names that differ in case", [file("A", "1"), file("a", "2")], "built", {
    check({ out }) {
      assert.equal(readFileSync(join(out, "A"), "utf8"), "1");
      assert.equal(readFileSync(join(out, "a"), "utf8"), "2");
    },
  }),
  {
    ...tree("100,000 folders in each other", [], "FILE_NAME_UNSUPPORTED"),
    script: () => ({ session: (session) => sendNested(session, 100_000) }),
  },
  tree("a name of 100,000 folders", [dir(Array(100_000).fill("d").join("/"))]),
  tree(
    "setuid and setgid bits",
    [
      dir("d", 0x00500000 | 0o755),
      file("f", "evil", 0x00c00000 | 0o755),
    ],
    "built",
    {
      refused:
        /^(?:the builder asked for )?set-user-ID and set-group-ID bits in the output ".*": refused/,
      check({ out }) {
        assert.equal(lstatSync(join(out, "d")).mode & 0o7777, 0o1755);
        assert.equal(lstatSync(join(out, "f")).mode & 0o7777, 0o755);
      },
    },
  ),
  ...[["character", 0x04200000], ["block", 0x04000000]].map(([kind, mode]) =>
    tree(
      `a ${kind} device`,
      [{ path: "dev", mode: Number(mode) | 0o666, devmajor: 1n, devminor: 3n }],
      "FILE_UNWRITABLE",
      {
        refused: /^(?:the builder asked for )?the device "dev" in the output ".*": refused/,
        check: ({ out }) => assert.deepEqual(readdirSync(out), []),
      },
    )
  ),
  tree("a socket", [{ path: "s", mode: 0x01000000 | 0o666 }]),
  packets("a file longer than announced", (call) => {
    call.packet(stat(file("a", "1"))).packet(END).packet(data(0, "12")).packet(data(0));
  }, "FILE_CHANGED"),
  packets("a file shorter than announced", (call) => {
    call.packet(stat(file("a", "12"))).packet(END).packet(data(0, "1")).packet(data(0));
  }, "FILE_CHANGED"),
  packets("content for what it did not announce", (call) => {
    call.packet(stat(file("a", "1"))).packet(data(7, "evil"));
  }, "PROTOCOL_VIOLATION"),
  packets(
    "content after the end of a file",
    (call) => {
      call.packet(stat(file("a", "1"))).packet(data(0, "1")).packet(data(0)).packet(data(0, "2"));
    },
    "PROTOCOL_VIOLATION",
    { check: () => {} },
  ),
  packets("the end, but not all content", (call) => {
    call.packet(stat(file("a", "12"))).packet(END).packet(data(0, "1"));
    call.packet({ type: PacketType.PACKET_FIN });
  }, "PROTOCOL_VIOLATION"),
  packets("an unknown packet", (call) => {
    call.packet({ type: 9 as never });
  }, "PROTOCOL_VIOLATION"),
  packets("bytes that are no packet", (call) => {
    call.send(new Uint8Array([0xff, 0xff, 0xff]));
  }, "PROTOCOL_VIOLATION"),
  {
    ...packets("half of a folder, and calls it success", () => {}, "PROTOCOL_VIOLATION"),
    script: () => ({
      session(session) {
        const call = session.open(FileSend.diffCopy.path, FIRST);
        call.packet(stat(file("a", "12"))).packet(END).packet(data(0, "1"));
        return Promise.resolve();
      },
    }),
  },
  {
    ...packets("nothing, and calls it success", () => {}, "PROTOCOL_VIOLATION"),
    script: () => ({ session: () => Promise.resolve() }),
  },
  {
    ...tree("a tree for an output that was not asked for", [file("a", "evil")]),
    script: () => ({
      session: (session) =>
        session.sendTree([file("a", "evil")], { "buildkit-attachable-exporter-id": "7" }),
    }),
    outcome: "BUILD_FAILED",
    refused: /a place for the output 7: refused$/,
  },
  {
    ...tree("a tree although nothing is exported", [file("a", "evil")]),
    options: () => ({ output: "cacheonly" }),
    outcome: "BUILD_FAILED",
    refused: /FileSend\/DiffCopy": refused$/,
  },
  archive(
    "sends an archive without end",
    async (session) => {
      const call = session.open(FileSend.diffCopy.path, FIRST);
      const piece = BytesMessage.encode({ data: new Uint8Array(1 << 16) });
      for (;;) {
        while (call.writable) call.send(piece);
        if (await call.drained() === false) return;
      }
    },
    "TIMED_OUT",
    { options: (world) => ({ ...toArchive(world), timeoutMs: 1_000 }) },
  ),
  archive("breaks an archive off, and calls it success", async (session) => {
    const call = session.open(FileSend.diffCopy.path, FIRST);
    call.send(bytes(4_096));
    await Promise.resolve();
  }, "PROTOCOL_VIOLATION"),
  archive("sends an archive that is cut off, and calls it success", async (session) => {
    const whole = tarOf("a", "b");
    const call = session.open(FileSend.diffCopy.path, FIRST);
    await call.send(BytesMessage.encode({ data: whole.subarray(0, 600) })).end().rest();
  }, "PROTOCOL_VIOLATION"),
  archive("sends an archive without its end, and calls it success", async (session) => {
    const call = session.open(FileSend.diffCopy.path, FIRST);
    await call.send(BytesMessage.encode({ data: tarOf("a").subarray(0, 512) })).end().rest();
  }, "PROTOCOL_VIOLATION"),
  archive("sends what is no archive, and calls it success", async (session) => {
    const data = new Uint8Array(10_000).fill(7);
    const call = session.open(FileSend.diffCopy.path, FIRST);
    await call.send(BytesMessage.encode({ data })).end().over();
  }, "PROTOCOL_VIOLATION"),
  archive("sends nothing as an archive, and calls it success", async (session) => {
    await session.open(FileSend.diffCopy.path, FIRST).end().rest();
  }, "PROTOCOL_VIOLATION"),
  archive("sends a message of an archive that is none", async (session) => {
    await session.open(FileSend.diffCopy.path, FIRST).send(new Uint8Array([0x0a, 0x7f])).end()
      .rest();
  }, "PROTOCOL_VIOLATION"),
  archive(
    "sends 20 streams into one archive",
    async (session) => {
      const calls = Array.from({ length: 20 }, () => session.open(FileSend.diffCopy.path, FIRST));
      for (const call of calls) call.send(bytes(1_000)).end();
      for (const call of calls) await call.over();
    },
    "PROTOCOL_VIOLATION",
    { refused: /a second place for .*result\.tar: refused$/ },
  ),
];
