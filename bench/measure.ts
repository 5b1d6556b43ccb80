/** Runs commands under GNU time. */
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { interruption, runOk } from "../tests/support/process.ts";

/** What one run cost. */
export interface Sample {
  /** Wall time in seconds. */
  wall: number;
  /** User and system time of the client's processes in seconds. */
  cpu: number;
  /** Peak memory of the client's process in MiB; of the largest, where there are several. */
  peak: number;
}

/** What to run. */
export interface Command {
  program: string;
  args: string[];
  /** Added to this process's environment. */
  env?: Record<string, string>;
}

/** Ctrl-C reaches what is measured; nothing more is then begun, so that the daemons are stopped and not left behind. */
const interrupted = interruption();

const GNU_TIME = "/usr/bin/time";

/** Installs GNU time where it is missing, on Debian as root. */
export async function installTime(): Promise<void> {
  if (existsSync(GNU_TIME)) return;
  await runOk("apt-get", ["install", "-y", "--no-install-recommends", "time"]);
}

/** Runs `command` to its end and reads what it cost. Rejects with its output if it fails. */
export async function measure(command: Command, scratch: string): Promise<Sample> {
  return (await measureOutput(command, scratch)).sample;
}

/** The same with what the command printed. */
export async function measureOutput(
  { program, args, env }: Command,
  scratch: string,
): Promise<{ sample: Sample; output: string }> {
  interrupted.throwIfAborted();
  const report = join(scratch, "time");
  const timed = ["-o", report, "-f", "%U %S %M", program, ...args];
  const begin = performance.now();
  const output = await runQuietly(GNU_TIME, timed, env);
  const wall = (performance.now() - begin) / 1000;
  const [user = 0, system = 0, kib = 0] = readFileSync(report, "utf8").trim().split(" ").map(
    Number,
  );
  return { sample: { wall, cpu: user + system, peak: kib / 1024 }, output };
}

/** Runs several commands at once; the sums of what they cost, the wall time of all. */
export async function measureTogether(commands: Command[], scratch: string): Promise<Sample> {
  if (commands.length === 1) return await measure(commands[0]!, scratch);
  // A command that fails must not count as a fast one.
  const script = commands.flatMap(({ program, args }) => [
    `${[program, ...args].map(quote).join(" ")} &`,
    'all="$all $!"',
  ]);
  const wait = 'for one in $all; do wait "$one" || exit 1; done';
  const env = commands[0]?.env;
  return await measure(
    { program: "sh", args: ["-c", [...script, wait].join("\n")], ...(env && { env }) },
    scratch,
  );
}

const KEPT_CHARACTERS = 20_000;

function runQuietly(
  program: string,
  args: string[],
  env: Record<string, string> = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...env },
    });
    let output = "";
    const keep = (chunk: Uint8Array) =>
      output = (output + new TextDecoder().decode(chunk)).slice(-KEPT_CHARACTERS);
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0) resolve(output);
      else reject(new Error(`${[program, ...args].join(" ")} ended with ${code}:\n${output}`));
    });
  });
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
