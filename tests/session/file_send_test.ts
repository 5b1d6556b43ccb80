import assert from "node:assert/strict";
import fs from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { FileError, ProtocolError } from "../../src/errors.ts";
import { BytesMessage } from "../../src/gen/filesync.ts";
import { PacketType } from "../../src/gen/fsutil.ts";
import { RpcError, StatusCode } from "../../src/rpc/status.ts";
import { ExportTargets } from "../../src/session/file_send.ts";
import type { Output } from "../../src/types.ts";
import { tarOf } from "../support/tar_of.ts";
import { ScriptedCall } from "../support/scripted_call.ts";
import { dir, END, type Entry, file, FIN, stat } from "../support/scripted_sender.ts";
import { fastParent, tempFolder } from "../support/temp_folder.ts";

const METHOD = "/moby.filesync.v1.FileSend/DiffCopy";
const ID = "buildkit-attachable-exporter-id";

type Metadata = Array<[string, string]>;

/** A call of the daemon that sends an archive of an empty file with this name. */
function archive(name: string, metadata: Metadata = []): ScriptedCall {
  const call = new ScriptedCall(() => {}, metadata);
  call.push(BytesMessage.encode({ data: tarOf(name) }));
  call.end();
  return call;
}

/** A call of the daemon that sends a tree of empty files. */
function tree(entries: Entry[], metadata: Metadata = []): ScriptedCall {
  const call = new ScriptedCall(({ type, id }) => {
    if (type === PacketType.PACKET_REQ) call.packets({ type: PacketType.PACKET_DATA, id });
    if (type === PacketType.PACKET_FIN) call.packets(FIN);
  }, metadata);
  call.packets(...entries.map(stat), END);
  return call;
}

const serve = (targets: ExportTargets, call: ScriptedCall) => targets.handlers()[METHOD]!(call);

Deno.test("ExportTargets serves nothing when nothing comes here", () => {
  const outputs: Output[][] = [[], [{ type: "image" }], [{ type: "cacheonly" }]];
  for (const list of outputs) assert.deepEqual(new ExportTargets(list).handlers(), {});
});

Deno.test("ExportTargets gives each stream to its output, counting all exporters but cacheonly", async () => {
  await using temp = tempFolder(fastParent());
  const dest = (name: string) => join(temp.path, name);
  const targets = new ExportTargets([
    { type: "cacheonly" },
    { type: "image" },
    { type: "tar", dest: dest("out.tar") },
    { type: "local", dest: pathToFileURL(dest("tree")) },
    { type: "cacheonly" },
    { type: "oci", dest: pathToFileURL(dest("oci.tar")) },
  ]);
  await serve(targets, archive("oci", [[ID, "3"]]));
  await serve(targets, tree([dir("d"), file("d/f")], [[ID, "2"]]));
  await serve(targets, archive("tar", [[ID, "1"]]));
  assert.deepEqual(await targets.commit(), [
    { type: "cacheonly" },
    { type: "image" },
    { type: "tar", dest: dest("out.tar"), bytes: 1536 },
    { type: "local", dest: dest("tree"), bytes: 0, entries: 2 },
    { type: "cacheonly" },
    { type: "oci", dest: dest("oci.tar"), bytes: 1536 },
  ]);
  assert.match(fs.readFileSync(dest("out.tar"), "utf8"), /^tar\0/);
  assert.match(fs.readFileSync(dest("oci.tar"), "utf8"), /^oci\0/);
  assert.ok(fs.existsSync(dest("tree/d/f")));
});

const FIRST: Metadata[] = [
  [],
  [[ID, ""]],
  [[ID, "x"]],
  [[ID, "1.5"]],
  [[ID, "0x1"]],
  [[ID, "+0"]],
  [[ID, "9".repeat(20)]],
];

for (const metadata of FIRST) {
  Deno.test(`ExportTargets takes ${JSON.stringify(metadata)} for the first exporter`, async () => {
    await using temp = tempFolder(fastParent());
    const targets = new ExportTargets([
      { type: "tar", dest: join(temp.path, "0") },
      { type: "tar", dest: join(temp.path, "1") },
    ]);
    await serve(targets, archive("x", metadata));
    assert.equal(targets.results()[0]!.bytes, 1536);
    await targets.discard(undefined);
  });
}

for (const id of ["1", "7", "-1"]) {
  Deno.test(`ExportTargets refuses the exporter ${id}`, async () => {
    const targets = new ExportTargets([{ type: "docker", dest: new WritableStream() }, {
      type: "image",
    }]);
    await assert.rejects(
      serve(targets, archive("x", [[ID, id]])),
      (error) =>
        error instanceof RpcError && error.status === StatusCode.NOT_FOUND &&
        error.message === `exporter ${Number(id)} not found`,
    );
  });
}

Deno.test("ExportTargets adds up the platforms of a local output", async () => {
  await using temp = tempFolder(fastParent());
  const targets = new ExportTargets([{ type: "local", dest: temp.path }]);
  await Promise.all([
    serve(targets, tree([dir("linux_amd64"), file("linux_amd64/f")])),
    serve(targets, tree([dir("linux_arm64"), file("linux_arm64/f")])),
  ]);
  const [result] = await targets.commit();
  assert.equal(result!.entries, 4);
  assert.deepEqual(fs.readdirSync(temp.path).sort(), ["linux_amd64", "linux_arm64"]);
});

Deno.test("ExportTargets removes other files in mode=delete, if all platforms come at once", async () => {
  await using temp = tempFolder(fastParent());
  fs.writeFileSync(join(temp.path, "old"), "");
  const attrs = { mode: " Delete " };
  const targets = new ExportTargets([{ type: "local", dest: temp.path, attrs }]);
  await serve(targets, tree([file("new")], [["buildkit-exporter-multi-platform", "1"]]));
  assert.deepEqual(fs.readdirSync(temp.path), ["new"]);
});

Deno.test("ExportTargets refuses mode=delete to a daemon that sends each platform for itself", async () => {
  await using temp = tempFolder(fastParent());
  fs.writeFileSync(join(temp.path, "old"), "");
  const attrs = { mode: "delete" };
  const targets = new ExportTargets([{ type: "local", dest: temp.path, attrs }]);
  await assert.rejects(serve(targets, tree([file("new")])), /needs a newer builder/);
  assert.deepEqual(fs.readdirSync(temp.path), ["old"]);
});

Deno.test("ExportTargets fails to commit what never came", async () => {
  const targets = new ExportTargets([{ type: "image" }, { type: "local", dest: "./out" }]);
  assert.throws(() => targets.assertComplete(), ProtocolError);
  await assert.rejects(targets.commit(), /never began to send the output of type local for .*out/);
});

Deno.test("ExportTargets fails to commit what is still on its way", async () => {
  const targets = new ExportTargets([{ type: "tar", dest: new WritableStream() }]);
  const call = new ScriptedCall();
  const serving = serve(targets, call);
  await assert.rejects(
    targets.commit(),
    /did not finish to send the output of type tar for stream/,
  );
  call.break();
  await assert.rejects(serving);
});

Deno.test("ExportTargets fails to commit with the error met while receiving", async () => {
  await using temp = tempFolder(fastParent());
  fs.writeFileSync(join(temp.path, "file"), "");
  const targets = new ExportTargets([{ type: "local", dest: join(temp.path, "file") }]);
  await assert.rejects(serve(targets, tree([])), FileError);
  assert.ok(targets.failure instanceof FileError);
  await assert.rejects(targets.commit(), (error) => error === targets.failure);
});

Deno.test("ExportTargets has no failure of its own when the daemon fails", async () => {
  const targets = new ExportTargets([{ type: "local", dest: "." }, {
    type: "tar",
    dest: new WritableStream(),
  }]);
  const reporting = new ScriptedCall(() => {}, [[ID, "0"]]);
  reporting.packets({ type: PacketType.PACKET_ERR });
  await assert.rejects(serve(targets, reporting), /error from sender/);
  const broken = new ScriptedCall(() => {}, [[ID, "1"]]);
  broken.break();
  await assert.rejects(serve(targets, broken), /reset by peer/);
  assert.equal(targets.failure, undefined);
  assert.throws(() => targets.assertComplete(), /error from sender/);
});

Deno.test("ExportTargets leaves nothing of archives when the build fails", async () => {
  await using temp = tempFolder(fastParent());
  let aborted: unknown;
  const targets = new ExportTargets([
    { type: "tar", dest: join(temp.path, "out.tar") },
    { type: "docker", dest: new WritableStream({ abort: (reason) => void (aborted = reason) }) },
  ]);
  await serve(targets, archive("tar", [[ID, "0"]]));
  await serve(targets, archive("docker", [[ID, "1"]]));
  const reason = new Error("the build failed");
  await targets.discard(reason);
  assert.equal(aborted, reason);
  assert.deepEqual(fs.readdirSync(temp.path), []);
});

Deno.test("ExportTargets takes an archive once only", async () => {
  await using temp = tempFolder(fastParent());
  const targets = new ExportTargets([{ type: "tar", dest: join(temp.path, "out.tar") }]);
  await serve(targets, archive("first"));
  await assert.rejects(serve(targets, archive("second")), /received already/);
  await targets.discard(undefined);
});

Deno.test("ExportTargets refuses a folder for an archive before anything is built", () => {
  assert.throws(() => new ExportTargets([{ type: "oci", dest: "." }]), FileError);
});
