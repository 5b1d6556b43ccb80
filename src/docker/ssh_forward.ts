/**
 * An engine behind ssh: its socket forwarded to a private one here, by the system's ssh with the user's own configuration. The
 * far side needs sshd and nothing of Docker's but the engine's socket.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Address } from "../connect/address.ts";
import { connectionError } from "../connect/failure.ts";
import type { SshAddress } from "./engine_address.ts";

/** A forward that is open. */
export interface Forward {
  /** The socket on this side. */
  readonly address: Address;
  /** Ends ssh and waits until it is gone. Idempotent. */
  close(): Promise<void>;
}

const READY = "moat-build: forwarded";
/** How much of what ssh says is kept for the error. */
const LAST_WORDS = 2_000;

/**
 * Opens a forward. Whatever ssh asks for (a passphrase, a new host's key) it asks on its own terminal.
 *
 * @throws {ConnectionError} with what ssh said
 */
export async function forwardSocket(remote: SshAddress, signal?: AbortSignal): Promise<Forward> {
  signal?.throwIfAborted();
  const folder = mkdtempSync(join(tmpdir(), "moat-ssh-"));
  const path = join(folder, "docker.sock");
  const child = spawn("ssh", sshArguments(remote, path), { stdio: ["ignore", "pipe", "pipe"] });
  const gone = new Promise<void>((resolve) => {
    child.once("close", () => resolve());
    child.once("error", () => resolve());
  });
  const close = async () => {
    child.kill();
    await gone;
    rmSync(folder, { recursive: true, force: true });
  };
  const abort = () => void child.kill();
  signal?.addEventListener("abort", abort, { once: true });
  try {
    await established(child, remote);
  } catch (error) {
    await close();
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener("abort", abort);
  }
  return { address: { scheme: "unix", path, text: remote.text }, close };
}

function sshArguments({ user, host, port, socket }: SshAddress, path: string): string[] {
  const options = [
    "ExitOnForwardFailure=yes",
    // A shared master would keep the forward to itself and let this process end.
    "ControlMaster=no",
    "ControlPath=none",
    // Runs when the forward stands; nothing else says so.
    "PermitLocalCommand=yes",
    `LocalCommand=echo '${READY}'`,
  ];
  return [
    ...["-N", "-T"],
    ...options.flatMap((option) => ["-o", option]),
    ...["-L", `${path}:${socket}`],
    ...(user === undefined ? [] : ["-l", user]),
    ...(port === undefined ? [] : ["-p", String(port)]),
    ...["--", host],
  ];
}

function established(child: ReturnType<typeof spawn>, remote: SshAddress): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = "";
    child.stdout!.on("data", (chunk: Uint8Array) => {
      if (new TextDecoder().decode(chunk).includes(READY)) resolve();
    });
    child.stderr!.on("data", (chunk: Uint8Array) => {
      said = (said + new TextDecoder().decode(chunk)).slice(-LAST_WORDS);
    });
    child.once("error", (error) => reject(connectionError("UNREACHABLE", remote, error)));
    child.once("close", (code) => {
      const words = said.trim() || `ssh ended with ${code}`;
      reject(connectionError("UNREACHABLE", remote, new Error(words)));
    });
  });
}
