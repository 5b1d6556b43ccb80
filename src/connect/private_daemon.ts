/** A buildkitd of our own: started by the first call, stopped when its client is closed. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { ConnectionError } from "../errors.ts";
import { dial, type Endpoint } from "./dial.ts";
import { dialWire, type Transport } from "./transport.ts";

/** What to start. */
export interface PrivateDaemonOptions {
  /** Path of buildkitd. */
  program: string;
  /** Path of rootlesskit, where the user is not root. */
  rootlesskit?: string | undefined;
  /** State folder that later builds find again. While another daemon uses it, a temporary one takes its place. */
  state: string;
}

const STOP_GRACE_MS = 10_000;
const READY = "running server on";
/** What buildkitd says when the state folder is another one's. */
const IN_USE_REGEXP = /could not lock|another instance running/;
const LAST_WORDS = 2_000;

/** The way to a buildkitd that is started when it is first dialed. */
export function privateDaemon(options: PrivateDaemonOptions): Transport {
  let starting: Promise<RunningDaemon> | undefined;
  const started = () => starting ??= start(options);
  return {
    address: { text: options.program },
    authority: "localhost",
    dial: async (dialOptions) => dialWire((await started()).endpoint, dialOptions),
    dialStream: async (dialOptions) => dial((await started()).endpoint, dialOptions),
    diagnose: () => Promise.resolve(undefined),
    close: async () => {
      const daemon = starting;
      starting = undefined;
      // One that did not start has cleaned up after itself.
      await (await daemon?.catch(() => undefined))?.stop();
    },
  };
}

interface RunningDaemon {
  readonly endpoint: Endpoint;
  stop(): Promise<void>;
}

async function start(options: PrivateDaemonOptions): Promise<RunningDaemon> {
  const folder = mkdtempSync(join(tmpdir(), "moat-buildkitd-"));
  const removeFolder = () => rmSync(folder, { recursive: true, force: true });
  try {
    return await run(options, folder, options.state, removeFolder);
  } catch (error) {
    if (error instanceof Error && IN_USE_REGEXP.test(error.message)) {
      return await run(options, folder, join(folder, "state"), removeFolder);
    }
    removeFolder();
    throw error;
  }
}

async function run(
  { program, rootlesskit }: PrivateDaemonOptions,
  folder: string,
  state: string,
  onStopped: () => void,
): Promise<RunningDaemon> {
  const path = join(folder, "buildkitd.sock");
  const command = [
    ...(rootlesskit === undefined ? [] : [rootlesskit]),
    ...[program, "--addr", `unix://${path}`, "--root", state],
    ...["--oci-worker=true", "--containerd-worker=false"],
  ] as [string, ...string[]];
  const child = spawn(command[0], command.slice(1), { stdio: ["ignore", "ignore", "pipe"] });
  const gone = new Promise<void>((resolve) => {
    child.once("close", () => resolve());
    child.once("error", () => resolve());
  });
  // Whoever ends this process in the middle of a build should not leave the daemon behind.
  const kill = () => void child.kill();
  process.once("exit", kill);
  const stop = async () => {
    process.off("exit", kill);
    await stopChild(child, gone);
    onStopped();
  };
  try {
    await serving(child, program);
  } catch (error) {
    process.off("exit", kill);
    await stopChild(child, gone);
    throw error;
  }
  return {
    endpoint: { address: { scheme: "unix", path, text: `unix://${path}` } },
    stop,
  };
}

function serving(child: ChildProcess, program: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = "";
    child.stderr!.on("data", (chunk: Uint8Array) => {
      said = (said + new TextDecoder().decode(chunk)).slice(-LAST_WORDS);
      if (said.includes(READY)) resolve();
    });
    const fail = (reason: string) => {
      const message = `Cannot start ${program}: ${reason}`;
      reject(new ConnectionError("UNREACHABLE", program, message));
    };
    child.once("error", (error) => fail(error.message));
    child.once("close", (code) => fail(`it ended with ${code}. ${said.trim()}`));
  });
}

async function stopChild(child: ChildProcess, gone: Promise<void>): Promise<void> {
  child.kill("SIGTERM");
  const insist = setTimeout(() => child.kill("SIGKILL"), STOP_GRACE_MS);
  await gone;
  clearTimeout(insist);
}
