import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import fs from "node:fs";
import { join } from "node:path";
import { folderStore } from "../../src/content/folder_store.ts";
import type { ContentStore } from "../../src/content/store.ts";
import { Content, WriteAction, type WriteContentRequest } from "../../src/gen/content.ts";
import type { ServerCall } from "../../src/rpc/call.ts";
import { FrameDecoder } from "../../src/rpc/envelope.ts";
import { Metadata } from "../../src/rpc/metadata.ts";
import type { Method } from "../../src/rpc/method.ts";
import { RpcError, StatusCode, statusName } from "../../src/rpc/status.ts";
import { contentHandlers } from "../../src/session/content.ts";
import { fastParent, tempFolder } from "../support/temp_folder.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const sha256 = (text: string) => `sha256:${createHash("sha256").update(text).digest("hex")}`;
const HELLO = sha256("hello");

/** Calls a method as the daemon does, with all requests at once; the answers. */
async function call<Request, Response>(
  stores: ReadonlyMap<string, ContentStore>,
  method: Method<Request, Response>,
  requests: Array<Partial<Request>>,
  id: string | null = "store",
): Promise<Response[]> {
  const answers: Response[] = [];
  const decoder = new FrameDecoder();
  const serverCall: ServerCall = {
    path: method.path,
    metadata: new Metadata(id === null ? [] : [["buildkit-attachable-store-id", id]]),
    signal: new AbortController().signal,
    batches: (async function* () {
      for (const request of requests) yield [method.request.encode(request)];
    })(),
    write(frames) {
      answers.push(...decoder.push(frames).map((message) => method.response.decode(message)));
      return undefined;
    },
  };
  await contentHandlers(stores)[method.path]!(serverCall);
  return answers;
}

function fails(status: number): (error: unknown) => boolean {
  return (error) => {
    assert(error instanceof RpcError, String(error));
    assert.equal(statusName(error.status), statusName(status));
    return true;
  };
}

/** A store that holds `hello`, and the call for it. */
async function withStore(
  test: (stores: ReadonlyMap<string, ContentStore>, folder: string) => Promise<void>,
  options = { writable: true, deletable: false },
): Promise<void> {
  await using temp = tempFolder(fastParent());
  fs.mkdirSync(join(temp.path, "blobs/sha256"), { recursive: true });
  fs.writeFileSync(join(temp.path, "blobs/sha256", HELLO.slice(7)), "hello");
  await test(new Map([["store", folderStore(temp.path, options)]]), temp.path);
}

Deno.test("contentHandlers() routes by the store's id", () =>
  withStore(async (stores) => {
    const request = [{ digest: HELLO }];
    const [answer] = await call(stores, Content.info, request);
    assert.deepEqual([answer?.info?.digest, answer?.info?.size], [HELLO, 5n]);
    const wrong: [id: string | null, status: number][] = [
      [null, StatusCode.INVALID_ARGUMENT],
      ["other", StatusCode.NOT_FOUND],
      ["", StatusCode.NOT_FOUND],
    ];
    for (const [id, status] of wrong) {
      await assert.rejects(call(stores, Content.info, request, id), fails(status));
    }
  }));

const DIGESTS: [digest: string, status: number][] = [
  ["", StatusCode.INVALID_ARGUMENT],
  ["sha256:../../../../etc/passwd", StatusCode.INVALID_ARGUMENT],
  [`sha256:${"0".repeat(64)}/..`, StatusCode.INVALID_ARGUMENT],
  [`sha256:${"0".repeat(64)}`, StatusCode.NOT_FOUND],
];

for (const [digest, status] of DIGESTS) {
  Deno.test(`contentHandlers() answers "${digest}" with ${statusName(status)}`, () =>
    withStore(async (stores) => {
      await assert.rejects(call(stores, Content.info, [{ digest }]), fails(status));
      await assert.rejects(call(stores, Content.read, [{ digest }]), fails(status));
      const deletable = new Map([["store", folderStore("/nowhere", { deletable: true })]]);
      await assert.rejects(call(deletable, Content.delete, [{ digest }]), fails(status));
    }));
}

const READS: [offset: bigint, size: bigint, text: string][] = [
  [0n, 0n, "hello"],
  [1n, 3n, "ell"],
  [-3n, 2n, "he"],
  [3n, 100n, "lo"],
  [2n, -1n, "llo"],
  [5n, 0n, ""],
];

for (const [offset, size, text] of READS) {
  Deno.test(`contentHandlers() reads ${size} bytes from ${offset} on`, () =>
    withStore(async (stores) => {
      const answers = await call(stores, Content.read, [{ digest: HELLO, offset, size }]);
      assert.equal(answers.map(({ data }) => new TextDecoder().decode(data)).join(""), text);
    }));
}

Deno.test("contentHandlers() reads in pieces whose offsets count from the request", () =>
  withStore(async (stores, folder) => {
    const size = 2_500_000;
    const digest = sha256("x".repeat(size));
    fs.writeFileSync(join(folder, "blobs/sha256", digest.slice(7)), "x".repeat(size));
    const answers = await call(stores, Content.read, [{ digest, offset: 100n }]);
    assert.deepEqual(answers.map(({ offset }) => offset), [0n, 1n << 20n, 2n << 20n]);
    assert.equal(answers.reduce((sum, { data }) => sum + data.length, 0), size - 100);
    const past = [{ digest, offset: BigInt(size) + 1n }];
    await assert.rejects(call(stores, Content.read, past), fails(StatusCode.OUT_OF_RANGE));
  }));

const DENIED: [
  name: string,
  request: (stores: ReadonlyMap<string, ContentStore>) => Promise<unknown>,
][] = [
  ["write", (stores) => call(stores, Content.write, [{ ref: "x" }])],
  ["abort", (stores) => call(stores, Content.abort, [{ ref: "x" }])],
  ["delete", (stores) => call(stores, Content.delete, [{ digest: HELLO }])],
];

for (const [name, request] of DENIED) {
  Deno.test(`contentHandlers() does not ${name} in a store that is only read`, () =>
    withStore(async (stores, folder) => {
      await assert.rejects(request(stores), fails(StatusCode.PERMISSION_DENIED));
      assert.deepEqual(fs.readdirSync(folder), ["blobs"]);
    }, { writable: false, deletable: false }));
}

Deno.test("contentHandlers() lists, deletes where it may, and updates nothing", () =>
  withStore(async (stores) => {
    const [page] = await call(stores, Content.list, [{}]);
    assert.deepEqual(page?.info.map(({ digest }) => digest), [HELLO]);
    const filtered = call(stores, Content.list, [{ filters: ["x"] }]);
    await assert.rejects(filtered, fails(StatusCode.UNIMPLEMENTED));
    const update = call(stores, Content.update, [{}]);
    await assert.rejects(update, fails(StatusCode.FAILED_PRECONDITION));
    await call(stores, Content.delete, [{ digest: HELLO }]);
    assert.deepEqual(await call(stores, Content.list, [{}]), []);
  }, { writable: true, deletable: true }));

type Step = Partial<WriteContentRequest>;
const { STAT, WRITE, COMMIT } = WriteAction;
const NEW = { ref: "new", total: 5n, expected: sha256("fresh") };

Deno.test("contentHandlers() writes in lock-step", () =>
  withStore(async (stores) => {
    const answers = await call(stores, Content.write, [
      { action: STAT, ...NEW },
      { action: STAT },
      { action: WRITE, offset: 0n, data: bytes("fr") },
      { action: WRITE, offset: 2n, data: bytes("es") },
      { action: COMMIT, offset: 4n, data: bytes("h"), ...NEW },
    ]);
    assert.deepEqual(answers.map(({ action, offset }) => [action, offset]), [
      [STAT, 0n],
      [STAT, 0n],
      [WRITE, 2n],
      [WRITE, 4n],
      [COMMIT, 5n],
    ]);
    assert.equal(answers[0]!.digest, sha256(""));
    assert(answers[0]!.startedAt! > 0n && answers[0]!.total === 5n);
    assert.equal(answers[4]!.digest, NEW.expected);
    assert.equal((await call(stores, Content.info, [{ digest: NEW.expected }])).length, 1);
  }));

const WRITES: [name: string, steps: Step[], status: number][] = [
  ["without a ref", [{ action: STAT }], StatusCode.INVALID_ARGUMENT],
  ["of no digest", [{ ref: "x", expected: "sha256:x" }], StatusCode.INVALID_ARGUMENT],
  ["that is there", [{ ref: "x", expected: HELLO }], StatusCode.ALREADY_EXISTS],
  [
    "that turns out to be there",
    [{ ref: "x" }, { action: WRITE, data: bytes("hello") }, {
      action: COMMIT,
      offset: 5n,
      expected: HELLO,
    }],
    StatusCode.ALREADY_EXISTS,
  ],
  ["with a gap", [{ ref: "x" }, { action: WRITE, offset: 1n }], StatusCode.OUT_OF_RANGE],
  [
    "with another digest",
    [NEW, { action: WRITE, data: bytes("other") }, { action: COMMIT, offset: 5n }],
    StatusCode.FAILED_PRECONDITION,
  ],
  [
    "with another size",
    [NEW, { action: WRITE, data: bytes("fresher") }, { action: COMMIT, offset: 7n }],
    StatusCode.FAILED_PRECONDITION,
  ],
];

for (const [name, steps, status] of WRITES) {
  Deno.test(`contentHandlers() refuses a blob ${name}`, () =>
    withStore(async (stores, folder) => {
      await assert.rejects(call(stores, Content.write, steps), fails(status));
      assert.deepEqual(fs.readdirSync(join(folder, "blobs/sha256")), [HELLO.slice(7)]);
      const [statuses] = await call(stores, Content.listStatuses, [{}]);
      assert.equal(statuses!.statuses.length, name === "with a gap" ? 1 : 0);
    }));
}

Deno.test("contentHandlers() goes on with a blob that was broken off, or begins again", () =>
  withStore(async (stores) => {
    const begin = [NEW, { action: WRITE, data: bytes("fre") }];
    await call(stores, Content.write, begin);
    const [found] = await call(stores, Content.status, [{ ref: "new" }]);
    assert.deepEqual([found?.status?.offset, found?.status?.total], [3n, 5n]);
    const [answer] = await call(stores, Content.write, [NEW]);
    assert.deepEqual([answer?.offset, answer?.digest], [3n, sha256("fre")]);
    const again = [NEW, { action: WRITE, offset: 0n, data: bytes("fresh") }];
    const answers = await call(stores, Content.write, [
      ...again,
      { action: COMMIT, offset: 5n, ...NEW },
    ]);
    assert.deepEqual(answers.map(({ offset }) => offset), [3n, 5n, 5n]);
  }));

Deno.test("contentHandlers() lets one call write a blob, and aborts what is left", () =>
  withStore(async (stores) => {
    const writer = await stores.get("store")!.openWriter("new", { total: 0, expected: undefined });
    await assert.rejects(call(stores, Content.write, [NEW]), fails(StatusCode.UNAVAILABLE));
    await writer.close();
    await call(stores, Content.abort, [{ ref: "new" }]);
    const again = call(stores, Content.abort, [{ ref: "new" }]);
    await assert.rejects(again, fails(StatusCode.NOT_FOUND));
    const status = call(stores, Content.status, [{ ref: "new" }]);
    await assert.rejects(status, fails(StatusCode.NOT_FOUND));
  }));
