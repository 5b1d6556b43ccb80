/** A daemon that takes nothing more: what is still read and kept here, and what an abort leaves open. */
import assert from "node:assert/strict";
import {
  closeSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
} from "node:fs";
import { join } from "node:path";
import { build } from "../../src/build.ts";
import { daemonTest } from "../support/env.ts";
import { startProxy } from "../support/proxy.ts";
import type { TempFolder } from "../support/temp_folder.ts";
import { COPY_ALL, folderOf } from "./support.ts";

const MIB = 1 << 20;
/** What the daemon gets before it stalls. */
const PASSED = 4 * MIB;
/** What may be under way then: both ends' socket buffers, flow-control windows, a batch of files, and a lot more. */
const UNDER_WAY = 40 * MIB;
/** Far more than that. */
const SIZE = 256 * MIB;
/** Turns in which an upload that nothing holds back would have read everything. */
const TURNS = 2_000;

async function turns(): Promise<void> {
  for (let i = 0; i < TURNS; i++) await new Promise((resolve) => setImmediate(resolve));
}

/** A folder with a file that takes no room. */
function bigFolder(): TempFolder {
  const folder = folderOf({ Dockerfile: COPY_ALL });
  const file = openSync(join(folder.path, "big"), "w");
  ftruncateSync(file, SIZE);
  closeSync(file);
  return folder;
}

/** Bytes that this process has read so far, from files and from connections. */
function bytesRead(): number {
  return Number(/^rchar: (\d+)/m.exec(readFileSync("/proc/self/io", "utf8"))?.[1]);
}

/** What is open below `folder`. */
function openFiles(folder: string): string[] {
  return readdirSync("/proc/self/fd").flatMap((name) => {
    try {
      const target = readlinkSync(`/proc/self/fd/${name}`);
      return target.startsWith(folder) ? [target] : [];
    } catch (error) {
      // The descriptor by which the list was read is gone by now.
      if ((error as { code?: string }).code === "ENOENT") return [];
      throw error;
    }
  });
}

daemonTest(
  "build() reads no more of a file than a stalled daemon takes",
  async ({ tcpAddress }) => {
    await using proxy = await startProxy(tcpAddress);
    await using folder = bigFolder();
    const before = bytesRead();
    const held = proxy.holdAfter(PASSED);
    const building = build({ address: proxy.address, context: folder.path, output: "cacheonly" });
    await held;
    await turns();
    // The proxy is in this process, too, and reads once more what passed.
    assert.ok(bytesRead() - before < 2 * PASSED + UNDER_WAY, String(bytesRead() - before));
    proxy.release();
    const { transfers } = await building;
    assert.equal(transfers.find(({ name }) => name === "context")?.bytes, SIZE + COPY_ALL.length);
  },
);

// That no socket and no timer stays is for the sanitizers.
daemonTest(
  "build() aborted in the middle of a file leaves nothing open",
  async ({ tcpAddress }) => {
    await using proxy = await startProxy(tcpAddress);
    await using folder = bigFolder();
    const held = proxy.holdAfter(PASSED);
    const controller = new AbortController();
    const { signal } = controller;
    const building = build({ address: proxy.address, context: folder.path, signal });
    const outcome = building.then(() => undefined, (error) => error);
    await held;
    assert.deepEqual(openFiles(folder.path), [join(folder.path, "big")]);
    controller.abort(new Error("enough"));
    assert.equal(await outcome, signal.reason);
    assert.deepEqual(openFiles(folder.path), []);
    // The connection is closed, not only left: the sanitizer would tell, and so does a proxy that waits for none.
  },
);
