import assert from "node:assert/strict";
import { FileError, OptionError } from "../../src/errors.ts";
import { resolveVirtualFiles, virtualTree } from "../../src/files/virtual.ts";
import type { VirtualFile, VirtualFiles } from "../../src/types.ts";

async function tree(files: VirtualFiles) {
  return virtualTree(await resolveVirtualFiles(files));
}

async function contentOf(file: VirtualFile): Promise<string> {
  const content = (await tree({ f: file })).open("f");
  const bytes = new Uint8Array(1000);
  return new TextDecoder().decode(bytes.subarray(0, content.read(bytes)));
}

const encode = (text: string) => new TextEncoder().encode(text);

async function* chunks(...texts: string[]): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for (const text of texts) yield await Promise.resolve(encode(text));
}

const CONTENTS: Array<[kind: string, make: () => VirtualFile, content: string]> = [
  ["text", () => "hü", "hü"],
  ["empty text", () => "", ""],
  ["bytes", () => encode("hello"), "hello"],
  ["part of a buffer", () => encode("hello").subarray(1, 3), "el"],
  ["a web stream", () => ReadableStream.from(chunks("a", "", "bc")), "abc"],
  ["an empty web stream", () => ReadableStream.from(chunks()), ""],
  ["a blob's stream", () => new Blob(["blob"]).stream(), "blob"],
  ["an async iterable", () => chunks("a", "bc", "d"), "abcd"],
  ["content with options", () => ({ content: "x" }), "x"],
  ["a stream with options", () => ({ content: chunks("x", "y") }), "xy"],
];

for (const [kind, make, content] of CONTENTS) {
  Deno.test(`resolveVirtualFiles() takes ${kind}`, async () => {
    assert.equal(await contentOf(make()), content);
  });
}

Deno.test("virtualTree() describes files, directories and links", async () => {
  const files = await tree({
    "a": "hü",
    "bin/run": { content: "x", mode: 0o4755, mtime: new Date(1500) },
    "link": { symlink: "bin/ü" },
    "empty/": "",
    "private/": { content: "", mode: 0o700 },
  });
  const common = { linkname: "", devmajor: 0, devminor: 0, modTime: 0n, size: 0 };
  const { modTime: aTime, ...a } = files.stat("a")!;
  const { modTime: runTime, ...run } = files.stat("bin/run")!;
  const { modTime: _, ...file } = common;
  assert.deepEqual(a, { ...file, path: "a", mode: 0o644, size: 3 });
  assert.deepEqual(run, { ...file, path: "bin/run", mode: 0x00800000 + 0o755, size: 1 });
  // Below what was asked for the content shows in the time.
  assert.ok(aTime > 0n && aTime < 500_000_000n, String(aTime));
  assert.equal(runTime / 1_000_000n, 1500n);
  const link = { mode: 0x08000000 + 0o777, linkname: "bin/ü", size: 6 };
  assert.deepEqual(files.stat("link"), { ...common, path: "link", ...link });
  assert.deepEqual(files.stat("empty"), { ...common, path: "empty", mode: 0x800001ed });
  assert.equal(files.stat("private")?.mode, 0x80000000 + 0o700);
  assert.deepEqual(files.stat("bin"), { ...common, path: "bin", mode: 0x800001ed, implied: true });
  assert.equal(files.stat("b"), undefined);
});

Deno.test("virtualTree() gives other content of the same length another time, and equal content the same", async () => {
  const times = async (content: string) => {
    const files = await tree({ a: content, b: { content, mtime: new Date(1e12) } });
    return [files.stat("a")?.modTime, files.stat("b")?.modTime];
  };
  const [one, two, again] = [await times("one"), await times("two"), await times("one")];
  assert.deepEqual(one, again);
  assert.notEqual(one[0], two[0]);
  assert.notEqual(one[1], two[1]);
});

Deno.test("virtualTree() lists what the paths imply", async () => {
  const files = await tree({ "a/b/c": "", "a/b/": "", "a/d": "", "e/": "", "e/f": "" });
  assert.deepEqual(files.list(""), ["a", "e"]);
  assert.deepEqual(files.list("a"), ["b", "d"]);
  assert.deepEqual(files.list("a/b"), ["c"]);
  assert.deepEqual(files.list("e"), ["f"]);
  assert.equal(files.list("a/d"), undefined);
  assert.equal(files.list("x"), undefined);
});

Deno.test("virtualTree() of nothing is empty", async () => {
  assert.deepEqual((await tree({})).list(""), []);
});

Deno.test("virtualTree() holds names of every kind", async () => {
  const names = ["__proto__", "constructor", "a b", "back\\slash", "🦕", "new\nline", "...", "c:x"];
  const files = await tree(Object.fromEntries(names.map((name) => [name, name])));
  assert.deepEqual(files.list("")?.sort(), names.sort());
  for (const name of names) assert.equal(files.stat(name)?.size, encode(name).length);
});

Deno.test("virtualTree() opens files only", async () => {
  const files = await tree({ "d/": "", "l": { symlink: "f" }, "f": "" });
  for (const path of ["d", "l", "x"]) assert.throws(() => files.open(path), FileError);
});

Deno.test("virtualTree() keeps its entries from whoever writes into them", async () => {
  const files = await tree({ a: "1" });
  files.stat("a")!.linkname = "changed";
  files.list("")!.push("more");
  assert.equal(files.stat("a")?.linkname, "");
  assert.deepEqual(files.list(""), ["a"]);
});

const stringStream = () => ReadableStream.from(["text"]);
function lockedStream(): ReadableStream<Uint8Array> {
  const stream = ReadableStream.from(chunks("x"));
  stream.getReader();
  return stream;
}

/** Files that cannot be, the option that is named for it and a part of what is said. */
const WRONG: Array<[what: string, files: unknown, option: string, text: string]> = [
  ["an empty path", { "": "x" }, 'context[""]', "empty"],
  ["just a slash", { "/": "" }, 'context["/"]', "relative"],
  ["an absolute path", { "/etc/x": "" }, 'context["/etc/x"]', "relative"],
  ["a way out", { "../x": "" }, 'context["../x"]', '".."'],
  ["a way out inside", { "bad/../x": "" }, 'context["bad/../x"]', '".."'],
  ["a way out at the end", { "bad/..": "" }, 'context["bad/.."]', '".."'],
  ["the context itself", { ".": "" }, 'context["."]', '"."'],
  ["a dot at the front", { "./x": "" }, 'context["./x"]', '"."'],
  ["two slashes", { "a//b": "" }, 'context["a//b"]', "empty"],
  ["two slashes at the end", { "a//": "" }, 'context["a//"]', "empty"],
  ["a NUL", { "a\0b": "" }, 'context["a\\u0000b"]', "NUL"],
  ["half a surrogate pair", { "a\ud800": "" }, 'context["a\\ud800"]', "Unicode"],
  ["a file in a file", { "a": "", "a/b": "" }, 'context["a/b"]', '"a" is a file'],
  [
    "a file in a file given later",
    { "a/b/c": "", "a/b": "" },
    'context["a/b/c"]',
    '"a/b" is a file',
  ],
  ["a file in a link", { "a": { symlink: "b" }, "a/b": "" }, 'context["a/b"]', '"a" is a symlink'],
  ["a file that is a directory", { "a": "", "a/": "" }, 'context["a/"]', "twice"],
  ["a directory with content", { "a/": "x" }, 'context["a/"]', "cannot have content"],
  ["a directory that is a link", { "a/": { symlink: "b" } }, 'context["a/"]', "directory"],
  ["a link to nowhere", { a: { symlink: "" } }, 'context["a"].symlink', "path"],
  ["a link that is no text", { a: { symlink: 5 } }, 'context["a"].symlink', "path"],
  ["a link with a NUL", { a: { symlink: "\0" } }, 'context["a"].symlink', "path"],
  ["a number", { a: 5 }, 'context["a"]', "must be"],
  ["null", { a: null }, 'context["a"]', "must be"],
  ["an unknown object", { a: {} }, 'context["a"]', "must be"],
  ["content that is a number", { a: { content: 5 } }, 'context["a"]', "must be"],
  ["a mode with a type", { a: { content: "", mode: 0o100644 } }, 'context["a"].mode', "33188"],
  ["a negative mode", { a: { content: "", mode: -1 } }, 'context["a"].mode', "-1"],
  ["a mode in words", { a: { content: "", mode: "755" } }, 'context["a"].mode', "755"],
  ["a bad date", { a: { content: "", mtime: new Date(NaN) } }, 'context["a"].mtime', "Date"],
  ["a time that is no date", { a: { content: "", mtime: 5 } }, 'context["a"].mtime', "Date"],
  ["a stream of text", { a: stringStream() }, 'context["a"]', "string"],
  ["a stream in use", { a: lockedStream() }, 'context["a"]', "already"],
];

for (const [what, files, option, text] of WRONG) {
  Deno.test(`resolveVirtualFiles() refuses ${what}`, async () => {
    await assert.rejects(resolveVirtualFiles(files as VirtualFiles), (error) => {
      assert.ok(error instanceof OptionError, String(error));
      assert.equal(error.option, option);
      assert.ok(error.message.includes(text), error.message);
      return true;
    });
  });
}

Deno.test("resolveVirtualFiles() names the option it was told", async () => {
  await assert.rejects(resolveVirtualFiles({ "/a": "" }, undefined, "context[1]"), {
    option: 'context[1]["/a"]',
  });
});

Deno.test("resolveVirtualFiles() checks names before it reads a stream", async () => {
  let read = false;
  const stream = (async function* () {
    read = true;
    yield await Promise.resolve(encode("x"));
  })();
  await assert.rejects(resolveVirtualFiles({ "a": stream, "../b": "" }), OptionError);
  assert.equal(read, false);
});

Deno.test("resolveVirtualFiles() says which stream failed", async () => {
  const cause = new Error("disk on fire");
  const failing = (async function* () {
    yield await Promise.resolve(encode("x"));
    throw cause;
  })();
  await assert.rejects(resolveVirtualFiles({ a: "", b: failing }), (error) => {
    assert.ok(error instanceof FileError);
    assert.equal(error.path, 'context["b"]');
    assert.equal(error.cause, cause);
    assert.match(error.message, /disk on fire/);
    return true;
  });
});

Deno.test("resolveVirtualFiles() stops at once when it is canceled, and lets go of the stream", async () => {
  for (const kind of ["stream", "iterable"]) {
    const controller = new AbortController();
    const reason = new Error("enough");
    let stopped = false;
    const stream = new ReadableStream<Uint8Array>({ cancel: () => void (stopped = true) });
    const iterable: AsyncIterable<Uint8Array> = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise(() => {}),
        return: () => {
          stopped = true;
          return Promise.resolve({ done: true, value: undefined });
        },
      }),
    };
    const files = { a: kind === "stream" ? stream : iterable };
    const resolving = resolveVirtualFiles(files, controller.signal);
    controller.abort(reason);
    await assert.rejects(resolving, reason);
    assert.ok(stopped, kind);
  }
});

Deno.test("resolveVirtualFiles() reads nothing when it is canceled from the start", async () => {
  await assert.rejects(resolveVirtualFiles({ a: "" }, AbortSignal.abort(new Error("no"))), /no/);
});
