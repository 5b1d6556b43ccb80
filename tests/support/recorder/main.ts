/**
 * Shows what a command says to a builder: `deno task record ADDRESS COMMAND [ARGUMENT...]`.
 *
 * Runs the command with BUILDKIT_HOST set to a recorder before ADDRESS, and prints each call as one line of JSON. Messages of
 * a session are counted only: they carry the bulk, and secrets.
 */
import { Buffer } from "node:buffer";
import process from "node:process";
import { run } from "../process.ts";
import { startRecorder } from "./recorder.ts";

const [target, command, ...args] = process.argv.slice(2);
if (target === undefined || command === undefined) {
  console.error("Write: deno task record ADDRESS COMMAND [ARGUMENT...]");
  process.exit(2);
}
await using recorder = await startRecorder(target);
const env = { BUILDKIT_HOST: recorder.address };
const { code } = await run(command, args, { env, inherit: true });
for (const call of recorder.calls) console.log(JSON.stringify(call, replacer));
process.exitCode = code;

/** Maps as objects, bytes as base64, big numbers as texts. */
function replacer(this: unknown, _key: string, value: unknown): unknown {
  if (value instanceof Map) return Object.fromEntries(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  return typeof value === "bigint" ? String(value) : value;
}
