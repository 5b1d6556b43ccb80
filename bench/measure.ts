/** Runs a command under GNU time. */
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { runOk } from "../tests/support/process.ts";

/** What one run cost. */
export interface Sample {
  /** Wall time in seconds. */
  wall: number;
  /** User and system time of the client's process in seconds. */
  cpu: number;
  /** Peak memory of the client's process in MiB. */
  peak: number;
}

/** What to run. */
export interface Command {
  program: string;
  args: string[];
}

const GNU_TIME = "/usr/bin/time";

/** Installs GNU time where it is missing, on Debian as root. */
export async function installTime(): Promise<void> {
  if (existsSync(GNU_TIME)) return;
  await runOk("apt-get", ["install", "-y", "--no-install-recommends", "time"]);
}

/** Runs `command` to its end and reads what it cost. Rejects with its output if it fails. */
export async function measure(command: Command, scratch: string): Promise<Sample> {
  const report = join(scratch, "time");
  const args = ["-o", report, "-f", "%e %U %S %M", command.program, ...command.args];
  const begin = performance.now();
  await runQuietly(GNU_TIME, args);
  const wall = (performance.now() - begin) / 1000;
  const [, user = 0, system = 0, kib = 0] = readFileSync(report, "utf8").trim().split(" ").map(
    Number,
  );
  return { wall, cpu: user + system, peak: kib / 1024 };
}

/** Runs several commands at once; the sums of what they cost, the wall time of all. */
export async function measureTogether(commands: Command[], scratch: string): Promise<Sample> {
  const script = commands.map(({ program, args }) =>
    `${[program, ...args].map(quote).join(" ")} &`
  );
  return await measure({ program: "sh", args: ["-c", `${script.join("\n")}\nwait`] }, scratch);
}

function runQuietly(program: string, args: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    const keep = (chunk: Uint8Array) =>
      output = (output + new TextDecoder().decode(chunk)).slice(-4_000);
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0) resolve();
      else reject(new Error(`${[program, ...args].join(" ")} ended with ${code}:\n${output}`));
    });
  });
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
