import assert from "node:assert/strict";
import fs from "node:fs";
import { join } from "node:path";
import { FileError, ProtocolError } from "../../src/errors.ts";
import { CheckedFolders } from "../../src/files/checked_folders.ts";
import { confine } from "../../src/files/confine.ts";
import { receiveTree } from "../../src/files/receive.ts";
import { type Packet, PacketType } from "../../src/gen/fsutil.ts";
import { RpcError } from "../../src/rpc/status.ts";
import {
  answering,
  data,
  dir,
  END,
  type Entry,
  file,
  FIN,
  hardlink,
  MTIME,
  mute,
  sender,
  stat,
  symlink,
} from "../support/scripted_sender.ts";
import { fastParent, tempFolder } from "../support/temp_folder.ts";

const PIPE = 0x02000000, SOCKET = 0x01000000, CHAR_DEVICE = 0x04200000;
const SETUID = 0x00800000, SETGID = 0x00400000, STICKY = 0x00100000;

const receive = (dest: string, ...entries: Entry[]) => receiveTree(sender(entries), dest);
const receivePrivileged = (dest: string, ...entries: Entry[]) =>
  receiveTree(sender(entries), dest, { privileged: true });
const read = (...path: string[]) => fs.readFileSync(join(...path), "utf8");
const permissions = (...path: string[]) => fs.lstatSync(join(...path)).mode & 0o7777;

Deno.test("receiveTree() writes files, directories and links", async () => {
  await using temp = tempFolder(fastParent());
  const dest = join(temp.path, "out/deep");
  const summary = await receive(
    dest,
    dir("a", 0o750),
    file("a/empty"),
    file("a/hello", "hello", 0o600),
    symlink("a/to", "../anywhere"),
    file("b", "b"),
    hardlink("c", "a/hello"),
  );
  assert.deepEqual(summary, { entries: 6, bytes: 6 });
  assert.equal(read(dest, "a/hello"), "hello");
  assert.equal(permissions(dest, "a/hello"), 0o600);
  assert.equal(fs.statSync(join(dest, "a/hello")).ino, fs.statSync(join(dest, "c")).ino);
  assert.equal(permissions(dest, "a"), 0o750);
  assert.equal(fs.readlinkSync(join(dest, "a/to")), "../anywhere");
  assert.equal(read(dest, "a/empty"), "");
  for (const path of ["a", "a/empty", "a/hello", "a/to", "b"]) {
    assert.equal(fs.lstatSync(join(dest, path)).mtimeMs, Number(MTIME / 1_000_000n), path);
  }
});

const MODES: Array<[mode: number, expected: number]> = [
  [0o644, 0o644],
  [0o777, 0o777],
  [0o444, 0o444],
  [0, 0],
  [SETUID | 0o755, 0o4755],
  [SETGID | 0o711, 0o2711],
  [STICKY | 0o777, 0o1777],
  [SETUID | SETGID | STICKY | 0o777, 0o7777],
];

Deno.test("receiveTree() sets all permission bits, whatever the umask", async () => {
  await using temp = tempFolder(fastParent());
  const name = (i: number) => `m${i}`;
  await receivePrivileged(
    temp.path,
    ...MODES.map(([mode], i) => dir(`d${i}`, mode)),
    ...MODES.map(([mode], i) => file(name(i), "x", mode)),
  );
  for (const [i, [, expected]] of MODES.entries()) {
    assert.equal(permissions(temp.path, name(i)), expected);
    assert.equal(permissions(temp.path, `d${i}`), expected);
    makeRemovable(temp.path, `d${i}`);
  }
});

Deno.test("receiveTree() drops set-user-ID and set-group-ID bits, and tells of them", async () => {
  await using temp = tempFolder(fastParent());
  const told: string[] = [];
  const entries = [dir("d", SETGID | STICKY | 0o755), file("f", "x", SETUID | 0o755)];
  await receiveTree(sender(entries), temp.path, { onRefused: (asked) => told.push(asked) });
  assert.equal(permissions(temp.path, "d"), 0o1755);
  assert.equal(permissions(temp.path, "f"), 0o755);
  assert.match(told[0]!, /^set-user-ID and set-group-ID bits in the output ".*"$/);
});

Deno.test("receiveTree() makes no devices", async () => {
  for (const [mode, minor] of [[CHAR_DEVICE, 3n], [0x04000000, 0n]] as const) {
    await using temp = tempFolder(fastParent());
    const told: string[] = [];
    const device: Entry = { path: "null", mode: mode | 0o666, devmajor: 1n, devminor: minor };
    const error = await failure(
      receiveTree(sender([device]), temp.path, { onRefused: (asked) => told.push(asked) }),
    );
    assert.ok(error instanceof FileError);
    assert.equal(error.code, "FILE_UNWRITABLE");
    assert.match(error.message, /privileged: true/);
    assert.match(told[0]!, /^the device "null" in the output /);
    assert.deepEqual(fs.readdirSync(temp.path), []);
  }
});

// What another program does to the destination meanwhile. Not every system has paths by descriptor, nor every program a right to them.

const WAYS = [["that holds", confine], [
  "that looks",
  (root: string) => new CheckedFolders(root),
]] as const;

for (const [way, confinement] of WAYS) {
  const swapTest = (
    name: string,
    swap: (dest: string) => void,
    finish = false,
  ) =>
    Deno.test(`receiveTree() with a destination ${way} directories writes nothing through ${name}`, async () => {
      await using temp = tempFolder();
      await assertConfined(temp.path, async (dest) => {
        const call = mute();
        call.packets(stat(dir("a")), stat(dir("a/b")), stat(file("a/b/victim", "evil")));
        call.packets(stat(file("a/b/x", "evil")), END);
        if (finish) call.packets(data(2, "evil"), data(2));
        const receiving = failure(receiveTree(call, dest, { confine: confinement }));
        await until(() => call.idle && call.sent.length === 2);
        swap(dest);
        if (!finish) call.packets(data(2, "evil"), data(2));
        call.packets(data(3, "evil"), data(3));
        const error = await receiving;
        assert.ok(error instanceof FileError, String(error));
        assert.equal(error.code, "PATH_ESCAPE");
      });
    });
  for (const finish of [false, true]) {
    const when = finish ? ", after it was written to" : "";
    swapTest(`a directory swapped for a link${when}`, (dest) => {
      fs.renameSync(join(dest, "a/b"), join(dest, "gone"));
      fs.symlinkSync("../../outside", join(dest, "a/b"));
    }, finish);
    swapTest(`a directory above swapped for a link${when}`, (dest) => {
      fs.mkdirSync(join(dest, "../outside/b"), { recursive: true });
      fs.renameSync(join(dest, "a"), join(dest, "gone"));
      fs.symlinkSync("../outside", join(dest, "a"));
    }, finish);
    swapTest(`a directory swapped for another${when}`, (dest) => {
      fs.renameSync(join(dest, "a/b"), join(dest, "gone"));
      fs.mkdirSync(join(dest, "a/b"));
    }, finish);
  }
}

const TIMES: Array<[title: string, nanoseconds: bigint, milliseconds: number]> = [
  ["a fraction", 1_700_000_000_123_456_789n, 1_700_000_000_123],
  ["the epoch", 0n, 0],
  ["a whole second before the epoch", -5_000_000_000n, -5000],
  ["a fraction before the epoch, rounded down to a second", -4_500_000_000n, -5000],
  ["a far future", 4_102_444_800_000_000_000n, 4_102_444_800_000],
];

for (const [title, modTime, milliseconds] of TIMES) {
  Deno.test(`receiveTree() sets a modification time: ${title}`, async () => {
    await using temp = tempFolder(fastParent());
    await receive(temp.path, { ...dir("d"), modTime }, { ...file("f", "x"), modTime }, {
      ...symlink("l", "x"),
      modTime,
    });
    for (const path of ["d", "f", "l"]) {
      assert.equal(fs.lstatSync(join(temp.path, path)).mtimeMs, milliseconds, path);
    }
  });
}

Deno.test("receiveTree() fills directories that their owner may not write to", async () => {
  await using temp = tempFolder(fastParent());
  for (const content of ["first", "second"]) {
    await receive(temp.path, dir("d", 0o555), file("d/f", content, 0o444));
    assert.equal(read(temp.path, "d/f"), content);
    assert.equal(permissions(temp.path, "d"), 0o555);
  }
  makeRemovable(temp.path, "d");
});

const NAMES = [
  " lead",
  "%41+",
  "-rf",
  ".tmp.1",
  "__proto__",
  "a, b.txt",
  "back\\slash",
  "constructor",
  "new\nline",
  "n".repeat(255),
  "quote'\"",
  "trail ",
  "é",
  "e\u0301",
  "\ufffd",
  "😀",
].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));

Deno.test("receiveTree() writes odd names as they are", async () => {
  await using temp = tempFolder(fastParent());
  await receive(temp.path, ...NAMES.map((name) => file(name, name)));
  assert.deepEqual(fs.readdirSync(temp.path).sort(), [...NAMES].sort());
  for (const name of NAMES) assert.equal(read(temp.path, name), name);
});

Deno.test("receiveTree() makes named pipes", async () => {
  await using temp = tempFolder(fastParent());
  const pipe: Entry = { path: "p", mode: PIPE | 0o620 };
  await receive(temp.path, pipe);
  await receive(temp.path, pipe);
  assert.ok(fs.lstatSync(join(temp.path, "p")).isFIFO());
  assert.equal(permissions(temp.path, "p"), 0o620);
});

Deno.test({
  name: "receiveTree() makes devices for a privileged user, else says what to do",
  async fn() {
    await using temp = tempFolder(fastParent());
    const device: Entry = { path: "null", mode: CHAR_DEVICE | 0o666, devmajor: 1n, devminor: 3n };
    try {
      await receivePrivileged(temp.path, device);
      assert.ok(fs.lstatSync(join(temp.path, "null")).isCharacterDevice());
      assert.equal(fs.lstatSync(join(temp.path, "null")).rdev, (1 << 8) | 3);
    } catch (error) {
      assert.ok(error instanceof FileError);
      assert.match(error.message, /char device .*null.*export with type "tar"/);
    }
  },
});

// What is there already.

const REPLACED: Array<[title: string, before: (path: string) => void]> = [
  ["a file", (path) => fs.writeFileSync(path, "before")],
  ["a file without permissions", (path) => fs.writeFileSync(path, "before", { mode: 0 })],
  ["a link", (path) => fs.symlinkSync("elsewhere", path)],
  ["a full directory", (path) => fs.mkdirSync(join(path, "a/b"), { recursive: true })],
];

for (const [title, before] of REPLACED) {
  Deno.test(`receiveTree() replaces ${title}`, async () => {
    await using temp = tempFolder(fastParent());
    for (const path of ["d", "f", "g", "l"]) before(join(temp.path, path));
    await receive(temp.path, dir("d"), file("f", "new"), hardlink("g", "f"), symlink("l", "to"));
    assert.ok(fs.lstatSync(join(temp.path, "d")).isDirectory());
    assert.equal(read(temp.path, "f"), "new");
    assert.equal(fs.statSync(join(temp.path, "f")).ino, fs.statSync(join(temp.path, "g")).ino);
    assert.equal(fs.readlinkSync(join(temp.path, "l")), "to");
    assert.deepEqual(fs.readdirSync(temp.path).sort(), ["d", "f", "g", "l"]);
  });
}

Deno.test("receiveTree() keeps what is not part of the tree, and the time of directories that were there", async () => {
  await using temp = tempFolder(fastParent());
  fs.mkdirSync(join(temp.path, "d"));
  fs.writeFileSync(join(temp.path, "d/mine"), "mine");
  await receive(temp.path, dir("d", 0o700), file("d/theirs", "x"));
  assert.equal(read(temp.path, "d/mine"), "mine");
  assert.notEqual(fs.statSync(join(temp.path, "d")).mtimeMs, Number(MTIME / 1_000_000n));
  assert.equal(permissions(temp.path, "d"), 0o700);
});

Deno.test("receiveTree() keeps a file's earlier content until the new one is complete", async () => {
  await using temp = tempFolder(fastParent());
  fs.writeFileSync(join(temp.path, "f"), "before");
  const call = mute();
  call.packets(stat(file("f", "after")), END, data(0, "aft"));
  call.end();
  await assert.rejects(receiveTree(call, temp.path), ProtocolError);
  assert.equal(read(temp.path, "f"), "before");
  assert.deepEqual(fs.readdirSync(temp.path), ["f"]);
});

Deno.test("receiveTree() with removeOthers leaves nothing but the tree", async () => {
  await using temp = tempFolder(fastParent());
  fs.mkdirSync(join(temp.path, "old/deep"), { recursive: true });
  fs.mkdirSync(join(temp.path, "d/sub"), { recursive: true });
  fs.mkdirSync(join(temp.path, "outside"));
  fs.writeFileSync(join(temp.path, "outside/precious"), "");
  fs.writeFileSync(join(temp.path, "d/sub/gone"), "");
  fs.symlinkSync("outside", join(temp.path, "d/link"));
  const dest = join(temp.path, "d");
  const tree = [dir("a"), file("a/f", "f"), symlink("z", "a")];
  await receiveTree(sender(tree), dest, { removeOthers: true });
  assert.deepEqual(fs.readdirSync(dest, { recursive: true }).sort(), ["a", "a/f", "z"]);
  assert.ok(fs.existsSync(join(temp.path, "outside/precious")));
});

Deno.test("receiveTree() with removeOthers removes nothing when the transfer fails", async () => {
  await using temp = tempFolder(fastParent());
  fs.writeFileSync(join(temp.path, "mine"), "");
  const call = mute();
  call.packets(stat(file("f", "x")), END);
  call.end();
  await assert.rejects(receiveTree(call, temp.path, { removeOthers: true }));
  assert.deepEqual(fs.readdirSync(temp.path), ["mine"]);
});

Deno.test("receiveTree() writes several trees into one folder at one time", async () => {
  await using temp = tempFolder(fastParent());
  const tree = (arch: string) => [
    dir("bin"),
    ...Array.from(
      { length: 50 },
      (_, i) => file(`bin/${String(i).padStart(2, "0")}_${arch}`, arch),
    ),
  ];
  await Promise.all(["amd64", "arm64", "riscv64"].map((arch) => receive(temp.path, ...tree(arch))));
  assert.equal(fs.readdirSync(join(temp.path, "bin")).length, 150);
});

Deno.test("receiveTree() takes 20,000 files", async () => {
  await using temp = tempFolder(fastParent());
  const entries = Array.from({ length: 40 }, (_, d) => [
    dir(`d${d + 10}`),
    ...Array.from({ length: 500 }, (_, f) => file(`d${d + 10}/f${f + 1000}`, `${d}/${f}`)),
  ]).flat();
  const summary = await receive(temp.path, ...entries);
  assert.equal(summary.entries, 20_040);
  assert.equal(read(temp.path, "d30/f1234"), "20/234");
});

// Attacks: nothing outside the destination may change.

const ATTACKS: Array<[title: string, entries: Entry[]]> = [
  ["a path that climbs", [file("../x", "x")]],
  ["a path that climbs from within", [dir("a"), file("a/../../x", "x")]],
  ["a climbing directory", [dir("..")]],
  ["an absolute path", [file("/x", "x")]],
  ["an absolute directory", [dir("/"), file("//x", "x")]],
  ["the root itself", [dir(".")]],
  ["an empty path", [dir("")]],
  ["an empty name", [dir("a"), file("a/", "x")]],
  ["a double slash", [dir("a"), dir("a/"), file("a//x", "x")]],
  ["a dot within", [dir("a"), file("a/./x", "x")]],
  ["a NUL", [file("a\0b", "x")]],
  ["a file through a link", [symlink("a", "../outside"), file("a/x", "x")]],
  ["a directory through a link", [symlink("a", "../outside"), dir("a/x")]],
  ["a link, then a directory of its name", [
    symlink("a", "../outside"),
    dir("a"),
    file("a/x", "x"),
  ]],
  ["a directory, then a link of its name", [
    dir("a"),
    symlink("a", "../outside"),
    file("a/x", "x"),
  ]],
  ["a hard link to a path that climbs", [hardlink("a", "../outside/victim")]],
  ["a hard link to an absolute path", [hardlink("a", "/etc/hostname")]],
  ["a hard link to a symlink", [symlink("a", "../outside/victim"), hardlink("b", "a")]],
  ["a hard link through a symlink", [symlink("a", "../outside"), hardlink("b", "a/victim")]],
  ["a hard link to a directory", [dir("a"), hardlink("b", "a")]],
  ["a hard link to what comes later", [hardlink("a", "b"), file("b", "x")]],
  ["a hard link to itself", [hardlink("a", "a")]],
  ["a file in a file", [file("a", "x"), file("a/b", "x")]],
  ["a file in no directory", [file("a/b", "x")]],
  ["a wrong order", [file("b", "x"), file("a", "x")]],
  ["a repeated path", [file("a", "x"), file("a", "y")]],
  ["a directory that comes back", [dir("a"), dir("b"), file("a/x", "x")]],
  ["a socket", [{ path: "s", mode: SOCKET | 0o600 }]],
  ["an irregular file", [{ path: "s", mode: 0x00080000 | 0o600 }]],
];

for (const [title, entries] of ATTACKS) {
  Deno.test(`receiveTree() refuses ${title}`, async () => {
    await using temp = tempFolder(fastParent());
    await assertConfined(temp.path, async (dest) => {
      const call = sender(entries);
      const error = await failure(receiveTree(call, dest));
      assert.ok(error instanceof FileError || error instanceof ProtocolError, String(error));
      assert.equal(call.reportedError, error.message);
    });
  });
}

const ENEMY_GROUND: Array<[title: string, entries: Entry[]]> = [
  ["a directory", [dir("a"), file("a/victim", "x")]],
  ["a file", [file("a", "x")]],
  ["a link", [symlink("a", "b")]],
  ["a hard link", [file("0", "x"), hardlink("a", "0")]],
];

for (
  const target of ["../outside", "../outside/victim", "../outside/new", "/nowhere/at/all", "a"]
) {
  for (const [title, entries] of ENEMY_GROUND) {
    Deno.test(`receiveTree() puts ${title} in place of a link to ${target}`, async () => {
      await using temp = tempFolder(fastParent());
      await assertConfined(temp.path, async (dest) => {
        fs.symlinkSync(target, join(dest, "a"));
        await receive(dest, ...entries);
        const found = fs.lstatSync(join(dest, "a"));
        assert.ok(!found.isSymbolicLink() || fs.readlinkSync(join(dest, "a")) === "b");
      });
    });
  }
}

Deno.test("receiveTree() does not follow a link that another stream puts in a directory's place", async () => {
  await using temp = tempFolder(fastParent());
  await assertConfined(temp.path, async (dest) => {
    const first = mute();
    first.packets(stat(dir("a")), stat(dir("a/b")), stat(file("a/b/victim", "evil")), END);
    const receiving = receiveTree(first, dest);
    await until(() => first.sent.length > 0);
    await receive(dest, symlink("a", "../outside"));
    assert.ok(fs.lstatSync(join(dest, "a")).isSymbolicLink());
    first.packets(data(2, "evil"), data(2));
    const error = await failure(receiving);
    assert.ok(error instanceof FileError);
    assert.equal(error.code, "PATH_ESCAPE");
  });
});

Deno.test("receiveTree() does not complete a file in a directory that is a link by then", async () => {
  await using temp = tempFolder(fastParent());
  await assertConfined(temp.path, async (dest) => {
    fs.mkdirSync(join(dest, "a"));
    fs.writeFileSync(join(dest, "a/victim"), "");
    const first = mute();
    first.packets(stat(dir("a")), stat(file("a/victim", "evil")), END, data(1, "evil"));
    const receiving = receiveTree(first, dest);
    await until(() => fs.readdirSync(join(dest, "a")).length === 2);
    await receive(dest, symlink("a", "../outside"));
    first.packets(data(1));
    assert.equal((await failure(receiving) as FileError).code, "PATH_ESCAPE");
  });
});

Deno.test("receiveTree() fails on names that are one to the file system", async () => {
  await using temp = tempFolder(fastParent());
  // Two names of one file, as a file system that ignores case would have them.
  fs.writeFileSync(join(temp.path, "A"), "");
  fs.linkSync(join(temp.path, "A"), join(temp.path, "a"));
  const call = mute();
  call.packets(stat(file("A", "x")), stat(file("a", "y")), END, data(1, "y"));
  const error = await failure(receiveTree(call, temp.path));
  assert.ok(error instanceof FileError);
  assert.equal(error.code, "FILE_NAME_UNSUPPORTED");
  assert.match(error.message, /same name as A/);
});

Deno.test("receiveTree() keeps names apart that differ in case only, where the file system does", async () => {
  await using temp = tempFolder(fastParent());
  await receive(temp.path, file("A", "1"), file("a", "2"), file("é", "4"));
  await receive(temp.path, file("A", "3"), file("a", "4"), file("é", "4"));
  assert.equal(read(temp.path, "A") + read(temp.path, "a"), "34");
});

Deno.test("receiveTree() names the directory that is nested too deep", async () => {
  await using temp = tempFolder(fastParent());
  const call = mute();
  let path = "";
  for (let depth = 0; depth < 5_000; depth++) {
    path += depth === 0 ? "d" : "/d";
    call.packets(stat(dir(path)));
  }
  const error = await failure(receiveTree(call, temp.path));
  assert.ok(error instanceof FileError);
  assert.equal(error.code, "FILE_NAME_UNSUPPORTED");
  assert.match(error.message, /ENAMETOOLONG/);
});

Deno.test("receiveTree() names the file whose name is too long", async () => {
  await using temp = tempFolder(fastParent());
  const error = await failure(receive(temp.path, file("n".repeat(256), "x")));
  assert.ok(error instanceof FileError);
  assert.equal(error.path, join(temp.path, "n".repeat(256)));
});

// The protocol.

const VIOLATIONS: Array<[title: string, packets: Array<Partial<Packet>>, message: RegExp]> = [
  ["content that was never requested", [data(7, "x")], /file 7, which was not requested/],
  ["content for a directory", [stat(dir("d")), data(0, "x")], /file 0, which was not requested/],
  ["content for a hard link", [stat(file("a")), stat(hardlink("b", "a")), data(1)], /file 1,/],
  ["content after its end", [stat(file("a")), stat(file("b")), data(0), data(0)], /is complete/],
  [
    "more than was announced",
    [stat(file("a", "ab")), data(0, "abc")],
    /a: .*more than the 2 bytes/,
  ],
  [
    "less than was announced",
    [stat(file("a", "ab")), data(0, "a"), data(0)],
    /only 1 of the 2 bytes/,
  ],
  ["nothing of what was announced", [stat(file("a", "ab")), data(0)], /only 0 of the 2 bytes/],
  ["an entry after the list", [END, stat(file("a"))], /after the end of the list/],
  ["a second end of the list", [stat(file("a")), END, END], /after the end of the list/],
  ["an early FIN", [stat(file("a")), FIN], /before it was complete, after 1 entries/],
  ["a request", [{ type: PacketType.PACKET_REQ }], /unknown type 1/],
  ["an unknown packet", [{ type: 9 }], /unknown type 9/],
];

for (const [title, packets, message] of VIOLATIONS) {
  Deno.test(`receiveTree() fails on ${title}`, async () => {
    await using temp = tempFolder(fastParent());
    const call = mute();
    call.packets(...packets);
    const error = await failure(receiveTree(call, temp.path));
    assert.ok(error instanceof FileError || error instanceof ProtocolError, String(error));
    assert.match(error.message, message);
    assert.equal(call.reportedError, error.message);
    assert.deepEqual(fs.readdirSync(temp.path).filter((name) => name !== "d" && name !== "a"), []);
  });
}

Deno.test("receiveTree() fails on bytes that are no packet", async () => {
  await using temp = tempFolder(fastParent());
  const call = mute();
  call.push(new Uint8Array([0xff, 0xff, 0xff]));
  await assert.rejects(receiveTree(call, temp.path), ProtocolError);
});

Deno.test("receiveTree() fails with the daemon's own error", async () => {
  await using temp = tempFolder(fastParent());
  const call = mute();
  const text = new TextEncoder().encode("no space left");
  call.packets({ type: PacketType.PACKET_ERR, data: text });
  const error = await failure(receiveTree(call, temp.path));
  assert.ok(error instanceof RpcError);
  assert.equal(error.message, "error from sender: no space left");
});

const CUTS: Array<[title: string, packets: Array<Partial<Packet>>]> = [
  ["at once", []],
  ["within the list", [stat(dir("d"))]],
  ["within a file", [stat(file("a", "abc")), END, data(0, "a")]],
  ["before the last file's end", [stat(file("a", "abc")), END, data(0, "abc")]],
];

for (const [title, packets] of CUTS) {
  for (const how of ["ends", "breaks off"]) {
    Deno.test(`receiveTree() fails when the call ${how} ${title}, and leaves no part of a file`, async () => {
      await using temp = tempFolder(fastParent());
      const call = mute();
      call.packets(...packets);
      const receiving = failure(receiveTree(call, temp.path));
      await until(() => call.idle);
      if (how === "ends") call.end();
      else call.break();
      const error = await receiving;
      assert.match(error.message, how === "ends" ? /before it was complete/ : /reset by peer/);
      assert.deepEqual(fs.readdirSync(temp.path).filter((name) => name !== "d"), []);
    });
  }
}

Deno.test("receiveTree() is done when the daemon drops the call instead of confirming the end", async () => {
  await using temp = tempFolder(fastParent());
  const call = mute();
  call.packets(stat(file("a", "x")), END, data(0, "x"), data(0));
  const receiving = receiveTree(call, temp.path);
  await until(() => call.sent.some(({ type }) => type === PacketType.PACKET_FIN));
  call.break();
  assert.deepEqual(await receiving, { entries: 1, bytes: 1 });
});

Deno.test("receiveTree() does not wait for the daemon to end the stream", async () => {
  await using temp = tempFolder(fastParent());
  assert.deepEqual(await receive(temp.path), { entries: 0, bytes: 0 });
});

Deno.test("receiveTree() goes on reading while its requests find no room", async () => {
  await using temp = tempFolder(fastParent());
  const entries = Array.from({ length: 300 }, (_, i) => file(`f${i + 100}`, "x"));
  const call = answering(entries);
  call.blocked = true;
  for (const entry of entries) call.packets(stat(entry));
  const receiving = receiveTree(call, temp.path);
  await until(() => call.idle);
  assert.equal(call.sent.length, 0);
  call.unblock();
  await until(() => call.sent.length === 300);
  call.packets(END);
  assert.equal((await receiving).entries, 300);
});

Deno.test("receiveTree() takes the pieces of many files in any order", async () => {
  await using temp = tempFolder(fastParent());
  const entries = Array.from({ length: 200 }, (_, i) => file(`f${i + 100}`, "abcdef"));
  const call = mute();
  call.packets(...entries.map(stat), END);
  for (const piece of ["ab", "cd", "ef", ""]) {
    call.packets(...entries.map((_, i) => data(entries.length - 1 - i, piece)));
  }
  const receiving = receiveTree(call, temp.path);
  await until(() => call.sent.some(({ type }) => type === PacketType.PACKET_FIN));
  call.packets(FIN);
  await receiving;
  for (const { path } of entries) assert.equal(read(temp.path, path), "abcdef");
});

Deno.test("receiveTree() fails before it has too many files open", async () => {
  await using temp = tempFolder(fastParent());
  const entries = Array.from({ length: 300 }, (_, i) => file(`f${i + 100}`, "ab"));
  const call = mute();
  call.packets(...entries.map(stat), END, ...entries.map((_, i) => data(i, "a")));
  assert.match((await failure(receiveTree(call, temp.path))).message, /more than 256 files/);
  assert.deepEqual(fs.readdirSync(temp.path), []);
});

Deno.test("receiveTree() lets timers run during long work", async () => {
  await using temp = tempFolder(fastParent());
  const entries = Array.from({ length: 5_000 }, (_, i) => file(`f${i + 10_000}`, "x"));
  let turns = 0;
  const interval = setInterval(() => turns++, 1);
  try {
    await receive(temp.path, ...entries);
  } finally {
    clearInterval(interval);
  }
  assert.ok(turns >= 2, `${turns} turns`);
});

Deno.test("receiveTree() fails on a destination that is a file", async () => {
  await using temp = tempFolder(fastParent());
  fs.writeFileSync(join(temp.path, "f"), "");
  const error = await failure(receive(join(temp.path, "f")));
  assert.ok(error instanceof FileError);
  assert.equal(error.path, join(temp.path, "f"));
});

Deno.test("receiveTree() writes through a destination that is itself a link", async () => {
  await using temp = tempFolder(fastParent());
  fs.mkdirSync(join(temp.path, "real"));
  fs.symlinkSync("real", join(temp.path, "link"));
  await receive(join(temp.path, "link"), file("f", "x"));
  assert.equal(read(temp.path, "real/f"), "x");
});

Deno.test("receiveTree() reports progress", async () => {
  await using temp = tempFolder(fastParent());
  const seen: Array<{ entries: number; bytes: number }> = [];
  const call = sender([dir("d"), file("d/f", "abc")]);
  await receiveTree(call, temp.path, { onProgress: (progress) => seen.push({ ...progress }) });
  assert.deepEqual(seen.at(-1), { entries: 2, bytes: 3 });
});

/** Lets an ordinary user remove what is in a directory. */
function makeRemovable(...path: string[]): void {
  fs.chmodSync(join(...path), 0o755);
}

async function failure(promise: Promise<unknown>): Promise<Error> {
  const result = await promise.then(() => undefined, (error) => error);
  assert.ok(result instanceof Error, "it did not fail");
  return result;
}

/** Gives the event loop turns until `condition` holds. */
async function until(condition: () => boolean): Promise<void> {
  for (let turn = 0; !condition(); turn++) {
    assert.ok(turn < 2_000, "it never came about");
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
}

/** Runs `attack` on a destination that has neighbours, and fails if anything but the destination has changed. */
async function assertConfined(
  parent: string,
  attack: (dest: string) => Promise<void>,
): Promise<void> {
  const dest = join(parent, "dest");
  fs.mkdirSync(dest);
  fs.mkdirSync(join(parent, "outside/b"), { recursive: true });
  fs.writeFileSync(join(parent, "outside/victim"), "untouched");
  const before = snapshot(parent);
  try {
    await attack(dest);
  } finally {
    assert.deepEqual(snapshot(parent), before);
  }
}

function snapshot(parent: string): string[] {
  return fs.readdirSync(parent, { recursive: true, encoding: "utf8" })
    .filter((path) => path.split("/")[0] !== "dest")
    .map((path) => {
      const { mode, size, ino, nlink } = fs.lstatSync(join(parent, path));
      return [path, mode, nlink, path === "outside" ? "" : `${size} ${ino}`].join(" ");
    })
    .sort();
}
