/** The command as a program of its own: this process's arguments, streams and exit code. */
import { deno } from "../runtime/deno.ts";
import { processIo } from "./io.ts";
import { main } from "./main.ts";

/** Runs the command line of this process, and ends the process with its exit code. */
export async function runProgram(): Promise<void> {
  const io = processIo();
  await io.end(await main(deno?.args ?? globalThis.process.argv.slice(2), io));
}
