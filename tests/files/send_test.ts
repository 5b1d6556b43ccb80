import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import process from "node:process";
import { FileError, OptionError, ProtocolError } from "../../src/errors.ts";
import { openDirectory } from "../../src/files/directory.ts";
import { walkTree } from "../../src/files/filter.ts";
import { sendTree } from "../../src/files/send.ts";
import type { FileContent, FileStat, FileTree } from "../../src/files/tree.ts";
import { resolveVirtualFiles, virtualTree } from "../../src/files/virtual.ts";
import { type Packet, PacketType } from "../../src/gen/fsutil.ts";
import { RpcError } from "../../src/rpc/status.ts";
import type { VirtualFiles } from "../../src/types.ts";
import { ScriptedCall } from "../support/scripted_call.ts";
import { fastParent, tempFolder } from "../support/temp_folder.ts";

const { PACKET_STAT, PACKET_REQ, PACKET_DATA, PACKET_FIN, PACKET_ERR } = PacketType;

const unix = process.platform !== "win32";

async function virtual(files: VirtualFiles): Promise<FileTree> {
  return virtualTree(await resolveVirtualFiles(files));
}

/** A daemon that wants the files that `wants` picks, and keeps what it gets. */
class Receiver {
  readonly call: ScriptedCall;
  readonly paths: string[] = [];
  /** Content by path of what arrived whole. */
  readonly received = new Map<string, Uint8Array>();
  /** The ids in the order in which their content came. */
  readonly order: number[] = [];
  readonly #wants: (path: string) => boolean;
  readonly #arriving = new Map<number, Uint8Array[]>();
  #listed = false;

  constructor(wants: (path: string) => boolean = () => true) {
    this.#wants = wants;
    this.call = new ScriptedCall((packet) => this.#receive(packet));
  }

  text(path: string): string | undefined {
    const bytes = this.received.get(path);
    return bytes && new TextDecoder().decode(bytes);
  }

  #receive(packet: Packet): void {
    if (packet.type === PACKET_STAT && packet.stat === undefined) this.#listed = true;
    else if (packet.type === PACKET_STAT) this.#list(packet.stat!);
    else if (packet.type === PACKET_DATA) this.#data(packet);
    else return;
    if (this.#listed && this.#arriving.size === 0) this.call.packets({ type: PACKET_FIN });
  }

  #list(stat: { path: string; mode: number; linkname: string }): void {
    const id = this.paths.push(stat.path) - 1;
    if ((stat.mode & 0x8f280000) !== 0 || stat.linkname !== "" || !this.#wants(stat.path)) return;
    this.#arriving.set(id, []);
    this.call.packets({ type: PACKET_REQ, id });
  }

  #data({ id, data }: Packet): void {
    const parts = this.#arriving.get(id);
    assert.ok(parts, `content of ${id}, which was not asked for or had ended`);
    this.order.push(id);
    parts.push(data);
    if (data.length > 0) return;
    this.#arriving.delete(id);
    const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      bytes.set(part, at);
      at += part.length;
    }
    this.received.set(this.paths[id]!, bytes);
  }
}

const send = (receiver: { call: ScriptedCall }, tree: FileTree) =>
  sendTree(receiver.call, walkTree(tree, {}), tree);

/** Bytes that differ from place to place and from file to file. */
function pattern(length: number, seed: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let state = seed * 2654435761 >>> 0;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    bytes[i] = state >>> 24;
  }
  return bytes;
}

Deno.test("sendTree() sends what is asked for", async () => {
  const tree = await virtual({ "a": "1", "d/b": "22", "d/l": { symlink: "b" }, "e/": "", "z": "" });
  const receiver = new Receiver();
  const summary = await send(receiver, tree);
  assert.deepEqual(receiver.paths, ["a", "d", "d/b", "d/l", "e", "z"]);
  assert.deepEqual([...receiver.received.keys()].sort(), ["a", "d/b", "z"]);
  assert.deepEqual(["a", "d/b", "z"].map((path) => receiver.text(path)), ["1", "22", ""]);
  assert.deepEqual(summary, { entries: 6, files: 3, bytes: 3 });
  assert.equal(receiver.call.sent.at(-1)?.type, PACKET_FIN);
});

Deno.test("sendTree() sends nothing that is not asked for", async () => {
  const receiver = new Receiver((path) => path === "b");
  const summary = await send(receiver, await virtual({ a: "1", b: "2", c: "3" }));
  assert.deepEqual([...receiver.received.keys()], ["b"]);
  assert.deepEqual(summary, { entries: 3, files: 1, bytes: 1 });
});

Deno.test("sendTree() of an empty tree is its end alone", async () => {
  const receiver = new Receiver();
  assert.deepEqual(await send(receiver, await virtual({})), { entries: 0, files: 0, bytes: 0 });
  assert.deepEqual(receiver.call.sent.map(({ type }) => type), [PACKET_STAT, PACKET_FIN]);
});

const EDGES = [0, 1, 2, 65_535, 65_536, 65_537, 262_000, 262_144, 262_145, 1_000_000, 5_000_000];

for (const order of ["forward", "backward"]) {
  Deno.test(`sendTree() sends files of all sizes whole, asked for ${order}`, async () => {
    await using temp = tempFolder();
    EDGES.forEach((size, i) => fs.writeFileSync(join(temp.path, `f${size}`), pattern(size, i)));
    const receiver = new Receiver();
    const ask = receiver.call.packets.bind(receiver.call);
    const asked: Array<Partial<Packet>> = [];
    if (order === "backward") {
      receiver.call.packets = (packet) => {
        if (packet!.type === PACKET_FIN) return ask(packet!);
        if (asked.unshift(packet!) === EDGES.length) asked.forEach((packet) => ask(packet));
      };
    }
    await send(receiver, openDirectory(temp.path));
    EDGES.forEach((size, i) => {
      assert.deepEqual(receiver.received.get(`f${size}`), pattern(size, i), `${size} bytes`);
    });
  });
}

Deno.test("sendTree() sends several big files by turns, and small ones between them", async () => {
  const big = Object.fromEntries(
    "abcdefg".split("").map((name, i) => [name, pattern(1_000_000, i)]),
  );
  const small = Object.fromEntries(
    [...new Array(300).keys()].map((i) => [`s${i}`, pattern(999, i)]),
  );
  const receiver = new Receiver();
  await send(receiver, await virtual({ ...big, ...small }));
  for (const [name, content] of Object.entries({ ...big, ...small })) {
    assert.deepEqual(receiver.received.get(name), content);
  }
  const { order } = receiver;
  assert.ok(
    order.indexOf(1) < order.lastIndexOf(0),
    "the second file waited for the first one's end",
  );
  assert.ok(order.indexOf(7) < order.lastIndexOf(6), "small files waited for big ones");
});

Deno.test("sendTree() answers while it still lists", async () => {
  const tree = await virtual({ a: "1" });
  const receiver = new Receiver();
  function* endless(): Generator<FileStat> {
    yield* walkTree(tree, {});
    for (let i = 0; receiver.received.size === 0; i++) {
      yield { ...tree.stat("a")!, path: `d${i}`, mode: 0x800001ed };
    }
  }
  const summary = await sendTree(receiver.call, endless(), tree);
  assert.ok(summary.entries > 1);
});

Deno.test("sendTree() gives the event loop its turns while it lists", async () => {
  const tree = await virtual({});
  const receiver = new Receiver();
  let turns = 0;
  let done = false;
  const count = () => {
    turns++;
    if (!done) setImmediate(count);
  };
  function* slow(): Generator<FileStat | undefined> {
    count();
    const until = performance.now() + 200;
    while (performance.now() < until) yield undefined;
    done = true;
  }
  await sendTree(receiver.call, slow(), tree);
  assert.ok(turns >= 2, `${turns} turns in 200 ms`);
});

const GIBIBYTE = 1 << 30;

Deno.test("sendTree() gives the event loop its turns while it reads", async () => {
  await using temp = tempFolder();
  fs.truncateSync(prepare(join(temp.path, "huge")), GIBIBYTE);
  const call = discarding();
  let turns = 0;
  let done = false;
  const count = () => {
    turns++;
    if (!done) setImmediate(count);
  };
  count();
  const before = process.memoryUsage().rss;
  let peak = 0;
  const tree = openDirectory(temp.path);
  const onProgress = () => peak = Math.max(peak, process.memoryUsage().rss);
  const started = performance.now();
  const summary = await sendTree(call, walkTree(tree, {}), tree, { onProgress });
  done = true;
  assert.deepEqual(summary, { entries: 1, files: 1, bytes: GIBIBYTE });
  assert.ok(turns > (performance.now() - started) / 100, `${turns} turns`);
  const grown = (peak - before) >> 20;
  assert.ok(grown < 700, `grew by ${grown} MiB`);
});

function prepare(path: string): string {
  fs.writeFileSync(path, "");
  return path;
}

/** A daemon that asks for the first file and throws its content away unread. */
function discarding(): ScriptedCall {
  const call = new ScriptedCall();
  let ended = 0;
  call.write = (frames) => {
    if (ended === 0) call.packets({ type: PACKET_REQ, id: 0 });
    // The end of a file: type DATA, no id, no content.
    if (frames.at(-2) === 0x08 && frames.at(-1) === PACKET_DATA) call.packets({ type: PACKET_FIN });
    ended++;
    return undefined;
  };
  return call;
}

Deno.test("sendTree() sends 20,000 files", async () => {
  await using temp = tempFolder(fastParent());
  for (let d = 0; d < 20; d++) {
    fs.mkdirSync(join(temp.path, `d${d}`));
    for (let f = 0; f < 1000; f++) fs.writeFileSync(join(temp.path, `d${d}/f${f}`), `${d}/${f}`);
  }
  const receiver = new Receiver();
  const progress: number[] = [];
  const tree = openDirectory(temp.path);
  const onProgress = ({ files }: { files: number }) => progress.push(files);
  const summary = await sendTree(receiver.call, walkTree(tree, {}), tree, { onProgress });
  assert.equal(summary.entries, 20_020);
  assert.equal(summary.files, 20_000);
  assert.equal(receiver.received.size, 20_000);
  assert.equal(receiver.text("d19/f999"), "19/999");
  assert.deepEqual(progress, progress.toSorted((a, b) => a - b));
  assert.equal(progress.at(-1), 20_000);
});

Deno.test("sendTree() waits for room, and hears requests meanwhile", async () => {
  const contents = Object.fromEntries(
    "abcdef".split("").map((name, i) => [name, pattern(700_000, i)]),
  );
  const receiver = new Receiver();
  const { call } = receiver;
  call.blocked = true;
  let writes = 0;
  const write = call.write.bind(call);
  call.write = (frames) => {
    writes++;
    call.blocked = true;
    const room = write(frames);
    setImmediate(() => call.unblock());
    return room;
  };
  await send(receiver, await virtual(contents));
  for (const [name, content] of Object.entries(contents)) {
    assert.deepEqual(receiver.received.get(name), content);
  }
  assert.ok(writes > 15, `${writes}`);
});

Deno.test("sendTree() works over messages that come one by one or all at once", async () => {
  const names = [...new Array(200).keys()].map((i) => `f${i}`);
  const tree = await virtual(Object.fromEntries(names.map((name) => [name, name])));
  const receiver = new Receiver();
  const held: Uint8Array[] = [];
  const push = receiver.call.push.bind(receiver.call);
  receiver.call.push = (...batch) => {
    held.push(...batch);
    if (held.length === 200 || receiver.received.size === 200) push(...held.splice(0));
  };
  await send(receiver, tree);
  assert.equal(receiver.received.size, 200);
});

Deno.test("sendTree() sends a socket as an empty file", { ignore: !unix }, async () => {
  await using temp = tempFolder();
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(join(temp.path, "s"), resolve));
  try {
    const receiver = new Receiver();
    await send(receiver, openDirectory(temp.path));
    assert.equal(receiver.text("s"), "");
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
});

/** The tree of a folder with a hand in it: what `before` does happens when the file is about to be opened. */
function meddled(path: string, before: (name: string) => void): FileTree {
  const tree = openDirectory(path);
  return {
    label: tree.label,
    list: (directory) => tree.list(directory),
    stat: (name) => tree.stat(name),
    open: (name) => {
      before(name);
      return tree.open(name);
    },
  };
}

const SIZES = { empty: 0, small: 100, big: 600_000 };

/** What may happen to a file after it was listed: a deed, and what the message says. */
const CHANGES: Array<
  [what: string, change: (file: string) => void, text: string, sizes?: string[]]
> = [
  ["vanished", (file) => fs.unlinkSync(file), "deleted"],
  ["grew", (file) => fs.appendFileSync(file, "x"), "changed"],
  ["shrank", (file) => fs.truncateSync(file, 50), "changed", ["small", "big"]],
  ["was emptied", (file) => fs.truncateSync(file, 0), "changed", ["small", "big"]],
  [
    "became another of that size",
    (file) =>
      replace(file, (size) => {
        fs.writeFileSync(file, new Uint8Array(size));
        fs.utimesSync(file, 1, 1);
      }),
    "changed",
    ["big"],
  ],
  ["became a directory", (file) => replace(file, () => fs.mkdirSync(file)), "regular file"],
  ["became a link", (file) => replace(file, () => fs.symlinkSync("other", file)), "regular file"],
  ["became a pipe", (file) => replace(file, () => execFileSync("mkfifo", [file])), "changed", [
    "small",
    "big",
  ]],
];

function replace(file: string, make: (size: number) => void): void {
  const { size } = fs.statSync(file);
  fs.unlinkSync(file);
  make(size);
}

for (const [what, change, text, sizes = Object.keys(SIZES)] of CHANGES) {
  for (const size of sizes) {
    Deno.test(
      `sendTree() names a file of ${size} size that ${what}`,
      { ignore: !unix },
      async () => {
        await using temp = tempFolder();
        fs.mkdirSync(join(temp.path, "src"));
        fs.writeFileSync(
          join(temp.path, "src/file"),
          new Uint8Array(SIZES[size as keyof typeof SIZES]),
        );
        fs.writeFileSync(join(temp.path, "src/other"), "other");
        const tree = meddled(temp.path, (name) => {
          if (name === "src/file") change(join(temp.path, name));
        });
        const receiver = new Receiver();
        await assert.rejects(send(receiver, tree), (error) => {
          assert.ok(error instanceof FileError, String(error));
          assert.match(error.path, /src\/file$/);
          assert.ok(error.message.includes("src/file"), error.message);
          assert.ok(error.message.includes(text), error.message);
          assert.equal(receiver.call.reportedError, error.message);
          return true;
        });
        assert.equal(receiver.received.has("src/file"), false);
      },
    );
  }
}

Deno.test("sendTree() notices a big file that is rewritten while it is sent", async () => {
  await using temp = tempFolder();
  const file = join(temp.path, "f");
  fs.writeFileSync(file, new Uint8Array(2_000_000));
  const receiver = new Receiver();
  const tree = openDirectory(temp.path);
  let meddled = false;
  const onProgress = () => {
    if (meddled || receiver.order.length === 0) return;
    meddled = true;
    fs.writeFileSync(file, new Uint8Array(2_000_000).fill(1));
    fs.utimesSync(file, 1, 1);
  };
  const sending = sendTree(receiver.call, walkTree(tree, {}), tree, { onProgress });
  await assert.rejects(sending, { code: "FILE_CHANGED" });
});

/** A tree of one file which fails as it is told. */
function failing(size: number, content: Partial<FileContent>, onClose = () => {}): FileTree {
  const stat = {
    path: "f",
    mode: 0o644,
    size,
    modTime: 0n,
    linkname: "",
    devmajor: 0,
    devminor: 0,
  };
  return {
    label: "/ctx",
    list: () => ["f"],
    stat: () => ({ ...stat }),
    open: () => ({
      read: (into) => into.length,
      unchanged: () => true,
      close: onClose,
      ...content,
    }),
  };
}

const unreadable = () => {
  throw new FileError("FILE_UNREADABLE", "/ctx/f", "Cannot read /ctx/f: EIO");
};

for (const size of Object.values(SIZES)) {
  Deno.test(`sendTree() closes a file of ${size} bytes that cannot be read`, async () => {
    let closed = 0;
    const receiver = new Receiver();
    const tree = failing(size, { read: unreadable }, () => closed++);
    await assert.rejects(send(receiver, tree), { code: "FILE_UNREADABLE", path: "/ctx/f" });
    assert.equal(closed, 1);
    assert.equal(receiver.call.reportedError, "Cannot read /ctx/f: EIO");
  });
}

Deno.test("sendTree() sends an empty file that may not be opened", async () => {
  const receiver = new Receiver();
  await send(receiver, { ...failing(0, {}), open: unreadable });
  assert.equal(receiver.text("f"), "");
});

Deno.test("sendTree() fails on a file that may not be opened", async () => {
  for (const size of [1, 600_000]) {
    const tree = { ...failing(size, {}), open: unreadable };
    await assert.rejects(send(new Receiver(), tree), { code: "FILE_UNREADABLE" });
  }
});

Deno.test("sendTree() tells the receiver when the walk fails", async () => {
  const receiver = new Receiver();
  // deno-lint-ignore require-yield
  function* walk(): Generator<FileStat> {
    throw new OptionError("x", "is wrong");
  }
  await assert.rejects(sendTree(receiver.call, walk(), await virtual({})), OptionError);
  assert.equal(receiver.call.reportedError, "Invalid x: is wrong");
});

Deno.test("sendTree() tells of a failure once there is room for it", async () => {
  const receiver = new Receiver();
  const { call } = receiver;
  let fail = false;
  function* walk(): Generator<FileStat | undefined> {
    const directory = { ...failing(0, {}).stat("f")!, mode: 0x800001ed };
    for (let i = 0; i < 9000; i++) yield { ...directory, path: `${i}` };
    while (!fail) yield undefined;
    throw new Error("too late");
  }
  call.blocked = true;
  const sending = sendTree(call, walk(), await virtual({}));
  const settled = sending.then(() => "sent", (error) => String(error));
  setImmediate(() => fail = true);
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(call.reportedError, undefined);
  call.unblock();
  assert.equal(await settled, "Error: too late");
  assert.equal(call.reportedError, "too late");
});

/** What no receiver may say, as packets once the list is there; the tree is a file, a directory, a link and a file. */
const VIOLATIONS: Array<[what: string, packets: Array<Partial<Packet>>, text: string]> = [
  ["asks for an id that was never given", [{ type: PACKET_REQ, id: 4 }], "file 4"],
  ["asks for a huge id", [{ type: PACKET_REQ, id: 2 ** 32 - 1 }], "file 4294967295"],
  ["asks for a directory", [{ type: PACKET_REQ, id: 1 }], "file 1"],
  ["asks for a link", [{ type: PACKET_REQ, id: 2 }], "file 2"],
  ["asks twice at once", [{ type: PACKET_REQ }, { type: PACKET_REQ }], "asked for before"],
  ["sends an entry", [{ type: PACKET_STAT }], "type 0"],
  ["sends content", [{ type: PACKET_DATA, data: new Uint8Array(1) }], "type 2"],
  ["sends an unknown packet", [{ type: 77 }], "type 77"],
  [
    "finishes while it waits for content",
    [{ type: PACKET_REQ }, { type: PACKET_FIN }],
    "before it had all",
  ],
];

const SMALL_TREE: VirtualFiles = { "a": "1", "b/": "", "c": { symlink: "a" }, "d": "2" };

for (const [what, packets, text] of VIOLATIONS) {
  Deno.test(`sendTree() refuses a receiver that ${what}`, async () => {
    const call = new ScriptedCall(({ type, stat }) => {
      if (type === PACKET_STAT && stat === undefined) call.packets(...packets);
    });
    await assert.rejects(send({ call }, await virtual(SMALL_TREE)), (error) => {
      assert.ok(error instanceof ProtocolError, String(error));
      assert.ok(error.message.includes(text), error.message);
      assert.equal(call.reportedError, error.message);
      return true;
    });
  });
}

Deno.test("sendTree() refuses a receiver that asks again later", async () => {
  const call = new ScriptedCall(({ type, stat }) => {
    const listed = type === PACKET_STAT && stat === undefined;
    if (listed || type === PACKET_DATA) call.packets({ type: PACKET_REQ, id: 0 });
  });
  await assert.rejects(send({ call }, await virtual(SMALL_TREE)), ProtocolError);
});

Deno.test("sendTree() refuses a receiver that finishes before the list does", async () => {
  const call = new ScriptedCall();
  call.packets({ type: PACKET_FIN });
  function* endless(): Generator<undefined> {
    for (;;) yield undefined;
  }
  await assert.rejects(sendTree(call, endless(), await virtual({})), ProtocolError);
});

Deno.test("sendTree() refuses bytes that are no packet", async () => {
  const call = new ScriptedCall(() => call.push(new Uint8Array([0x12, 0x05])));
  await assert.rejects(send({ call }, await virtual(SMALL_TREE)), ProtocolError);
});

Deno.test("sendTree() fails when the receiver ends too early", async () => {
  const call = new ScriptedCall(() => call.end());
  await assert.rejects(send({ call }, await virtual(SMALL_TREE)), /before it was complete/);
});

Deno.test("sendTree() passes on the receiver's error, and does not answer it", async () => {
  const data = new TextEncoder().encode("no space left on device");
  const call = new ScriptedCall(() => call.packets({ type: PACKET_ERR, data }));
  await assert.rejects(send({ call }, await virtual(SMALL_TREE)), (error) => {
    assert.ok(error instanceof RpcError);
    assert.equal(error.message, "error from receiver: no space left on device");
    return true;
  });
  assert.equal(call.reportedError, undefined);
});

Deno.test("sendTree() passes on the receiver's error while there is no room", async () => {
  const call = new ScriptedCall();
  call.blocked = true;
  const data = new TextEncoder().encode("no");
  const sending = send({ call }, await virtual({ a: "" }));
  call.packets({ type: PACKET_ERR, data });
  await assert.rejects(sending, /error from receiver: no/);
});

Deno.test("sendTree() stops when the call breaks off", async () => {
  for (const blocked of [true, false]) {
    let closed = 0;
    const tree = failing(600_000_000, {}, () => closed++);
    const reason = new Error("reset");
    const call = new ScriptedCall(({ type, stat }) => {
      if (type === PACKET_STAT && stat === undefined) call.packets({ type: PACKET_REQ, id: 0 });
      if (type === PACKET_DATA && blocked) call.blocked = true;
      if (type === PACKET_DATA) setImmediate(() => call.break(reason));
    });
    await assert.rejects(send({ call }, tree), reason);
    assert.equal(closed, 1);
  }
});

Deno.test("sendTree() does not begin on a broken call", async () => {
  const call = new ScriptedCall();
  call.break(new Error("gone"));
  let ended = false;
  function* walk(): Generator<undefined> {
    try {
      for (;;) yield undefined;
    } finally {
      ended = true;
    }
  }
  await assert.rejects(sendTree(call, walk(), await virtual({})), /gone/);
  assert.equal(ended, false);
  assert.deepEqual(call.sent, []);
});

Deno.test("sendTree() leaves no listener behind", async () => {
  const receiver = new Receiver();
  let listeners = 0;
  const { signal } = receiver.call;
  const [add, remove] = [signal.addEventListener, signal.removeEventListener];
  signal.addEventListener = (...args: Parameters<typeof add>) => {
    listeners++;
    return add.apply(signal, args);
  };
  signal.removeEventListener = (...args: Parameters<typeof remove>) => {
    listeners--;
    return remove.apply(signal, args);
  };
  await send(receiver, await virtual({ a: "1" }));
  assert.equal(listeners, 0);
});
