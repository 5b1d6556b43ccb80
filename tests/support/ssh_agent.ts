/** A real ssh-agent, and keys made by the real ssh-keygen. */
import { join } from "node:path";
import { run, runOk, startDaemon } from "./process.ts";
import { tempFolder } from "./temp_folder.ts";

/** A running agent. */
export interface SshAgent extends AsyncDisposable {
  /** Its socket. */
  readonly socket: string;
  /** The options of `ssh-add`; gives what it prints. */
  add(...args: string[]): Promise<string>;
}

/** Starts an agent that holds nothing. */
export async function startSshAgent(): Promise<SshAgent> {
  const folder = tempFolder();
  const socket = join(folder.path, "agent.sock");
  const daemon = await startDaemon({
    command: "ssh-agent",
    args: ["-D", "-a", socket],
    logFile: join(folder.path, "log"),
    ready: (log) => log.includes(socket),
  });
  return {
    socket,
    async add(...args) {
      const { stdout, stderr } = await run("ssh-add", args, { env: { SSH_AUTH_SOCK: socket } });
      return stdout + stderr;
    },
    async [Symbol.asyncDispose]() {
      await daemon.stop();
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** Makes a key: the file's path, beside it is the public key. */
export async function makeKey(folder: string, name: string, ...options: string[]): Promise<string> {
  const file = join(folder, name);
  const type = options.includes("-t") ? [] : ["-t", "ed25519"];
  const passphrase = options.includes("-N") ? [] : ["-N", ""];
  await runOk("ssh-keygen", ["-q", ...type, ...passphrase, "-C", name, ...options, "-f", file]);
  return file;
}
