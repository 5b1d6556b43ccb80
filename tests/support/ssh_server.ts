/** A real sshd on a free port, and an ssh that knows it. */
import { appendFileSync, chmodSync, copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runOk, startDaemon } from "./process.ts";
import { tempFolder } from "./temp_folder.ts";
import { find } from "./tools.ts";

/** A running server. */
export interface SshServer extends AsyncDisposable {
  readonly port: number;
  /** Folder of an `ssh` that logs in as root without a question, to be put before the rest of PATH. */
  readonly clientFolder: string;
  /** Lets the owner of another key log in. */
  authorize(publicKey: string): void;
}

/** Starts a server; undefined where sshd is not installed. Needs root. */
export async function startSshServer(): Promise<SshServer | undefined> {
  const sshd = find("sshd");
  const ssh = find("ssh");
  if (sshd === undefined || ssh === undefined) return undefined;
  const folder = tempFolder();
  const at = (name: string) => join(folder.path, name);
  try {
    for (const name of ["host_key", "user_key"]) {
      await runOk("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", at(name)]);
    }
    copyFileSync(at("user_key.pub"), at("authorized_keys"));
    // sshd's own privilege separation wants this folder.
    mkdirSync("/run/sshd", { recursive: true });
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    const options = [
      ...[`ListenAddress=127.0.0.1`, `Port=${port}`, `HostKey=${at("host_key")}`],
      ...[`AuthorizedKeysFile=${at("authorized_keys")}`, `PidFile=${at("pid")}`],
      ...["StrictModes=no", "UsePAM=no", "PermitRootLogin=yes", "PasswordAuthentication=no"],
    ];
    const daemon = await startDaemon({
      command: sshd,
      args: ["-D", "-e", "-f", "/dev/null", ...options.flatMap((option) => ["-o", option])],
      logFile: at("log"),
      ready: (log) => log.includes("Server listening on"),
    });
    const clientFolder = at("bin");
    mkdirSync(clientFolder);
    writeFileSync(
      join(clientFolder, "ssh"),
      `#!/bin/sh\nexec ${ssh} -F /dev/null -i ${at("user_key")} -o BatchMode=yes ` +
        `-o UserKnownHostsFile=/dev/null -o StrictHostKeyChecking=no "$@"\n`,
    );
    chmodSync(join(clientFolder, "ssh"), 0o755);
    return {
      port,
      clientFolder,
      authorize: (publicKey) => appendFileSync(at("authorized_keys"), publicKey),
      async [Symbol.asyncDispose]() {
        await daemon.stop();
        await folder[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await folder[Symbol.asyncDispose]();
    throw error;
  }
}
