/**
 * Watch mode: builds a folder whenever something in it changes. A change while a build runs cancels it and starts anew.
 * Ctrl-C ends it.
 *
 *     deno run -A examples/watch.ts examples/hello
 */
import { watch } from "node:fs";
import process from "node:process";
import { type Build, build, CanceledError } from "@moat/build";

const [folder = "."] = process.argv.slice(2);
let running: Build | undefined;

async function rebuild(): Promise<void> {
  running?.cancel();
  const mine = running = build({ context: folder, output: "image" });
  try {
    const { digest, durationMs } = await mine;
    console.log(`built ${digest} in ${Math.round(durationMs)} ms`);
  } catch (error) {
    // Canceled for a newer one, or by Ctrl-C.
    if (error instanceof CanceledError) return;
    // A failure is shown, and the next change may mend it.
    console.log((error as Error).message);
  }
}

const watcher = watch(folder, { recursive: true }, () => void rebuild());
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    watcher.close();
    running?.cancel();
    console.log("bye");
  });
}

console.log(`watching ${folder}`);
await rebuild();
