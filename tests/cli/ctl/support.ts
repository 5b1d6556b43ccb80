/** Command lines run by `ctl` and by the real `buildctl`. */
import { spawn } from "node:child_process";
import { Buffer } from "node:buffer";
import process from "node:process";
import { main } from "../../../src/cli/main.ts";
import type { Finished } from "../../support/process.ts";
import { fakeIo, type FakeIoOptions } from "../fake_io.ts";

/** Runs `moat-build ctl` in this process. */
export async function runCtl(
  args: readonly string[],
  options: FakeIoOptions = {},
): Promise<Finished> {
  const io = fakeIo(options);
  const code = await main(["ctl", ...args], io);
  return { code, stdout: io.out(), stderr: io.err() };
}

/** Runs `buildctl` with these bytes as its standard input. */
export async function runBuildctl(
  program: string,
  args: readonly string[],
  { stdin = "", env = {} }: FakeIoOptions = {},
): Promise<Finished> {
  const child = spawn(program, args, { env: { ...process.env, ...env } });
  const collect = (stream: NodeJS.ReadableStream) => {
    const chunks: Buffer[] = [];
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    return () => Buffer.concat(chunks).toString();
  };
  const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)];
  // It may end without having read all of it.
  child.stdin.on("error", () => {});
  child.stdin.end(stdin);
  const code = await new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? 128));
  });
  return { code, stdout: stdout(), stderr: stderr() };
}
