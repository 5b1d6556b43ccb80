import assert from "node:assert/strict";
import { openDirectory } from "../../src/files/directory.ts";
import type { Session } from "../../src/session/session.ts";
import { type SharedFolder, SharedFolders } from "../../src/session/shared_folders.ts";
import { TransferLog } from "../../src/session/transfer_log.ts";

/** A folder whose sessions have running numbers, and a list of those that are open. */
function folderToShare(): { folder: SharedFolder; open: string[] } {
  const open: string[] = [];
  let count = 0;
  const openSession = () => {
    const id = `session ${++count}`;
    open.push(id);
    const close = () => Promise.resolve(void open.splice(open.indexOf(id), 1));
    return Promise.resolve({ id, close } as unknown as Session);
  };
  const folder = {
    tree: openDirectory("."),
    names: ["context"],
    sharedKey: "key",
    log: new TransferLog(),
    onFailure: () => {},
    open: openSession,
  };
  return { folder, open };
}

Deno.test("SharedFolders gives builds of the same folder one session", async () => {
  const { folder, open } = folderToShare();
  const folders = new SharedFolders();
  const members = [folders.join("a"), folders.join("a")];
  const attrs = { "local-sessionid:context": "session 1" };
  for (const member of members) assert.deepEqual(await member.serve(folder), attrs);
  assert.deepEqual(open, ["session 1"]);
  await members[0]!.leave();
  assert.deepEqual(open, ["session 1"]);
  await members[1]!.leave();
  assert.deepEqual(open, []);
});

Deno.test("SharedFolders opens none for a build that is alone", async () => {
  const { folder, open } = folderToShare();
  const folders = new SharedFolders();
  const [first, other] = [folders.join("a"), folders.join("b")];
  assert.deepEqual(await first.serve(folder), {});
  assert.deepEqual(await other.serve(folder), {});
  // Whoever comes later has files of its own to see.
  const later = [folders.join("a"), folders.join("a")];
  for (const member of later) {
    assert.deepEqual(await member.serve(folder), { "local-sessionid:context": "session 1" });
  }
  assert.deepEqual(open, ["session 1"]);
  for (const member of [first, other, ...later]) await member.leave();
  assert.deepEqual(open, []);
});

Deno.test("SharedFolders goes on with a session whose other members have left", async () => {
  const { folder, open } = folderToShare();
  const folders = new SharedFolders();
  const [first, second] = [folders.join("a"), folders.join("a")];
  await first.serve(folder);
  await first.leave();
  assert.deepEqual(await second.serve(folder), { "local-sessionid:context": "session 1" });
  await second.leave();
  assert.deepEqual(open, []);
});
