/** Reading more than is shared: folders, patterns, ids. */
import assert from "node:assert/strict";
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { FileSend } from "../../../src/gen/filesync.ts";
import { PacketType } from "../../../src/gen/fsutil.ts";
import type { Fields, HostileSession } from "../../support/hostile_session.ts";
import { data, dir, END, file, stat } from "../../support/scripted_sender.ts";
import type { Attack } from "../attack.ts";
import { CANARY, type World } from "../world.ts";

const { PACKET_STAT, PACKET_REQ } = PacketType;

/** A folder that is none of the build's. */
function folder(what: string, name: string | undefined, fields: Fields = {}): Attack {
  return {
    group: "Folders",
    what: `asks for ${what}`,
    script: () => ({
      async session(session) {
        const names = name === undefined ? {} : { "dir-name": name };
        const status = await session.diffCopy({ ...names, ...fields }).end().over();
        assert.notEqual(status, 0);
      },
    }),
    outcome: "built",
    refused: /^(?:the builder asked for )?the folder ".*: refused$/,
  };
}

/** Filters that lead out of the context; everything that comes must be in it. */
function filter(what: string, fields: (world: World) => Fields): Attack {
  return {
    group: "Paths",
    what: `asks for ${what}`,
    script: (world) => ({
      async session(session) {
        const { stats } = await session.takeTree({ "dir-name": "context", ...fields(world) });
        for (const { path } of stats) {
          assert.doesNotMatch(path, /^\/|(?:^|\/)\.\.(?:\/|$)|^up\/|^abs\//);
        }
      },
    }),
    outcome: "built",
  };
}

/** Filters that no file could need. */
function tooDeep(what: string, fields: Fields): Attack {
  return { ...filter(what, () => fields), outcome: "INVALID_OPTION" };
}

/** Requests for files that were not offered. */
function request(
  what: string,
  ids: (files: { regular: number; directory: number; link: number; count: number }) => number[],
): Attack {
  return {
    group: "Requests",
    what: `asks for ${what}`,
    script: () => ({
      async session(session) {
        const call = session.diffCopy({ "dir-name": "context" });
        let count = 0;
        const found = { regular: -1, directory: -1, link: -1 };
        for (;;) {
          const packet = await call.nextPacket();
          if (packet?.type !== PACKET_STAT || packet.stat === undefined) break;
          const { mode } = packet.stat;
          if (mode >>> 31) found.directory = count;
          else if (mode & 0x08000000) found.link = count;
          else found.regular = count;
          count++;
        }
        for (const id of ids({ ...found, count })) call.packet({ type: PACKET_REQ, id });
        await call.rest();
      },
    }),
    outcome: "PROTOCOL_VIOLATION",
    refused: /DiffCopy" in a wrong way: refused/,
  };
}

/** Changes the context between list and read. */
function swap(what: string, change: (world: World) => void): Attack {
  return {
    group: "Swaps",
    what,
    script: (world) => ({ session: (session) => takeAfter(session, () => change(world)) }),
    outcome: "PATH_ESCAPE",
    refused: /DiffCopy" in a wrong way: refused/,
  };
}

async function takeAfter(session: HostileSession, change: () => void): Promise<void> {
  const call = session.diffCopy({ "dir-name": "context" });
  const ids: number[] = [];
  for (let id = 0;; id++) {
    const packet = await call.nextPacket();
    if (packet?.type !== PACKET_STAT || packet.stat === undefined) break;
    if (/(?:a|b|secret)\.txt$/.test(packet.stat.path) && packet.stat.linkname === "") ids.push(id);
  }
  change();
  for (const id of ids) call.packet({ type: PACKET_REQ, id });
  await call.rest();
}

/** A name that leads deeper than any folder. */
const DEEP = Array(100_000).fill("d").join("/");

/** Swaps a folder of the output for a link out, between two files that are sent. */
const outputSwap: Attack = {
  group: "Swaps",
  what: "has a folder of the output swapped for a link out while it is sent",
  options: ({ out }) => ({ output: { type: "local", dest: out } }),
  script: ({ out }) => ({
    async session(session) {
      const call = session.open(FileSend.diffCopy.path, { "buildkit-attachable-exporter-id": "0" });
      for (const entry of [dir("d"), file("d/b.txt", "evil"), file("d/secret.txt", "evil")]) {
        call.packet(stat(entry));
      }
      call.packet(END);
      // Two requests: all of the list has been taken.
      for (let asked = 0; asked < 2; asked++) await call.nextPacket();
      renameSync(join(out, "d"), join(out, "gone"));
      symlinkSync("../outside", join(out, "d"));
      for (const id of [1, 2]) call.packet(data(id, "evil")).packet(data(id));
      await call.rest();
    },
  }),
  outcome: "PATH_ESCAPE",
  refused: /DiffCopy" in a wrong way: refused/,
};

/** What is tried. */
export const READING: readonly Attack[] = [
  folder("the folder `../x`", "../x"),
  folder("the folder `/etc`", "/etc"),
  folder("the folder `.`", "."),
  folder("the folder `..`", ".."),
  folder("a folder without a name", undefined),
  folder("the folder `context/../../outside`", "context/../../outside"),
  folder("the folder `context/`", "context/"),
  folder("the folder `CONTEXT`", "CONTEXT"),
  folder("a folder in percent code", "%2e%2e/outside", { "dir-name-encoded": "true" }),
  folder("a folder with a broken percent code", "ok", {
    "dir-name": "x%00y",
    "dir-name-encoded": "1",
  }),
  folder("the folder `__proto__`", "__proto__"),
  filter("`../outside` to follow", () => ({ followpaths: "../outside/secret.txt" })),
  filter("an absolute path to follow", (w) => ({ followpaths: `${w.path}/outside/secret.txt` })),
  filter("what is behind a link to a folder", () => ({ followpaths: ["up/secret.txt", "up/*"] })),
  filter("what is behind a link to a file", () => ({ followpaths: "up.txt" })),
  filter("what is behind an absolute link", () => ({ followpaths: ["abs/secret.txt", "abs/**"] })),
  filter("`..` in the middle of a path", () => ({ followpaths: "sub/../../outside/secret.txt" })),
  filter(
    "patterns of `..`",
    () => ({ "include-patterns": ["../**", "**/../../*", "up/../../**"] }),
  ),
  filter("absolute patterns", (w) => ({ "include-patterns": [`${w.path}/outside/**`, "/**"] })),
  filter(
    "patterns below links",
    () => ({ "include-patterns": ["up/**", "abs/secret.txt", "up.txt/*"] }),
  ),
  tooDeep("100,000 folders in each other to follow", { followpaths: DEEP }),
  tooDeep("a pattern of 100,000 folders in each other", { "include-patterns": DEEP }),
  tooDeep("100,000 folders of any name in each other", {
    "include-patterns": DEEP.replaceAll("d", "*"),
  }),
  tooDeep("a pattern that leaves out 100,000 folders at any depth", {
    "exclude-patterns": DEEP.replaceAll("d", "**"),
  }),
  filter("patterns of 5,000 folders at any depth", () => ({
    "include-patterns": Array(5_000).fill("**").join("/") + "/*",
    "exclude-patterns": Array(5_000).fill("*").join("/"),
  })),
  filter("no exclusions at all", () => ({ "exclude-patterns": ["!../outside/**", "!up/**"] })),
  request("a file that was never offered", ({ count }) => [count + 5]),
  request("the file -1", () => [0xffffffff]),
  request("the file 2,147,483,647", () => [0x7fffffff]),
  request("a folder as a file", ({ directory }) => [directory]),
  request("a link as a file", ({ link }) => [link]),
  request("one file twice", ({ regular }) => [regular, regular]),
  request("one file 10,000 times", ({ regular }) => Array(10_000).fill(regular)),
  {
    ...swap("has a file swapped for a link out after it was listed", ({ context }) => {
      rmSync(join(context, "a.txt"));
      symlinkSync("../outside/secret.txt", join(context, "a.txt"));
    }),
    outcome: "FILE_CHANGED",
    refused: undefined,
  },
  swap("has a file's folder swapped for a link out after it was listed", ({ context }) => {
    renameSync(join(context, "sub"), join(context, "gone"));
    symlinkSync("../outside", join(context, "sub"));
  }),
  swap("has the context itself swapped for a link out after it was listed", ({ path, context }) => {
    mkdirSync(join(path, "context.evil/sub"), { recursive: true });
    writeFileSync(join(path, "context.evil/a.txt"), CANARY[0]!);
    writeFileSync(join(path, "context.evil/sub/b.txt"), CANARY);
    renameSync(context, join(path, "context.gone"));
    symlinkSync("context.evil", context);
  }),
  outputSwap,
];
