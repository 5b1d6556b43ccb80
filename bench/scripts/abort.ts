/**
 * Aborts builds in the middle of their transfer: `abort.ts ADDRESS CONTEXT COUNT`. Prints as JSON how many milliseconds each took
 * from `abort()` until the promise had rejected, and until no socket and no file of the context was open.
 */
import { readdirSync, readlinkSync } from "node:fs";
import process from "node:process";
import { build } from "../../mod.ts";

/** Bytes that the daemon has received when the build is aborted. */
const ENOUGH = 32 << 20;

/** When something counts as left open. */
const PATIENCE_MS = 10_000;

const [address = "", context = "", count = "1"] = process.argv.slice(2);

/** What is open of a build, by descriptor. */
function open(): string[] {
  return readdirSync("/proc/self/fd").flatMap((name) => {
    try {
      const target = readlinkSync(`/proc/self/fd/${name}`);
      return target.startsWith("socket:") || target.startsWith(context) ? [target] : [];
    } catch (error) {
      // The descriptor by which the list was read is gone by now.
      if ((error as { code?: string }).code === "ENOENT") return [];
      throw error;
    }
  });
}

/** Aborts one build; `before` is how many descriptors were open before it, undefined where that does not count yet. */
async function abortOne(
  before: number | undefined,
): Promise<{ rejected: number; closed: number }> {
  const controller = new AbortController();
  const { signal } = controller;
  const building = build({ context, address, signal, output: "cacheonly" });
  let begin = 0;
  const watching = (async () => {
    for await (const event of building.events()) {
      const sent = event.type === "status" && event.id.startsWith("transferring context")
        ? event.current
        : 0;
      if (sent < ENOUGH || begin > 0) continue;
      if (before !== undefined && open().length <= before) {
        throw new Error("nothing is open in the middle of a build");
      }
      begin = performance.now();
      controller.abort(new Error("enough"));
    }
  })();
  const reason = await building.then(() => undefined, (error) => error);
  const rejected = performance.now() - begin;
  if (reason !== signal.reason || begin === 0) throw new Error(`not aborted: ${reason}`);
  while (before !== undefined && open().length > before) {
    if (performance.now() - begin > PATIENCE_MS) throw new Error(`still open: ${open()}`);
    await new Promise((resolve) => setTimeout(resolve));
  }
  const closed = performance.now() - begin;
  await watching;
  return { rejected, closed };
}

// Deno opens sockets of its own when it first needs them, and keeps them.
await abortOne(undefined);
await new Promise((resolve) => setTimeout(resolve, 1_500));
const before = open().length;
const results: { rejected: number; closed: number }[] = [];
for (let round = 0; round < Number(count); round++) results.push(await abortOne(before));
console.log(JSON.stringify(results));
