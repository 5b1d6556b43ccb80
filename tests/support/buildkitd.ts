/** A real buildkitd with private state. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { Buildctl } from "./buildctl.ts";
import { once, runOk, startDaemon } from "./process.ts";
import { fastParent, tempFolder } from "./temp_folder.ts";
import type { Tools } from "./tools.ts";

/** Options of {@linkcode startBuildkitd}. */
export interface BuildkitdOptions {
  tools: Tools;
  /** Also listen on a free TCP port of 127.0.0.1. @default false */
  tcp?: boolean;
  /** Paths of PEM files: the TCP port then speaks TLS, and wants a client's certificate where `ca` is given. */
  tls?: { cert: string; key: string; ca?: string };
  /** Registries, as `host:port`, to be spoken to in plain HTTP. */
  insecureRegistries?: readonly string[];
  /** Paths of certificates by which registries, as `host:port`, are trusted. */
  registryCas?: Readonly<Record<string, string>>;
  /** Where to look first for a registry's images: registries to `host:port`. */
  mirrors?: Readonly<Record<string, string>>;
  /** State folder; kept at the end if given. @default a temporary one */
  root?: string;
  /** What builds may be granted. @default network.host, which steps need to reach anything here */
  entitlements?: readonly string[];
  extraArgs?: readonly string[];
}

/** A running daemon. */
export interface Buildkitd extends AsyncDisposable {
  /** `unix:///...`; with `tls`, the TCP address, since TLS then covers the socket as well. */
  readonly address: string;
  /** `tcp://127.0.0.1:port` where asked for, else empty. */
  readonly tcpAddress: string;
  readonly pid: number;
  readonly root: string;
  /** Everything it printed so far. */
  log(): string;
  stop(): Promise<void>;
}

/** Starts a daemon and waits until it answers a real request. Needs root. */
export async function startBuildkitd(options: BuildkitdOptions): Promise<Buildkitd> {
  if (process.getuid?.() !== 0) {
    throw new Error("Cannot start buildkitd: it needs root. Run as root, or in a container");
  }
  const folder = tempFolder(fastParent());
  const root = options.root ?? join(folder.path, "root");
  mkdirSync(root, { recursive: true });
  const socket = `unix://${folder.path}/buildkitd.sock`;
  let tcpAddress = "";
  const release = async () => {
    await releaseState(root);
    await folder[Symbol.asyncDispose]();
  };
  try {
    const daemon = await startDaemon({
      command: options.tools.buildkitd,
      args: daemonArgs(options, folder.path, root, socket),
      logFile: join(folder.path, "log"),
      ready: async (log) => {
        const port = /running server on (127\.0\.0\.1:\d+)/.exec(log)?.[1];
        if (port !== undefined) tcpAddress = `tcp://${port}`;
        if (options.tls) return port !== undefined;
        if (options.tcp && port === undefined) return false;
        return existsSync(socket.slice("unix://".length)) &&
          await new Buildctl(options.tools.buildctl, socket).ping();
      },
    });
    const stop = once(async () => {
      await daemon.stop();
      await release();
    });
    return {
      address: options.tls ? tcpAddress : socket,
      tcpAddress,
      pid: daemon.pid,
      root,
      log: daemon.log,
      stop,
      [Symbol.asyncDispose]: stop,
    };
  } catch (error) {
    await release();
    throw error;
  }
}

function daemonArgs(
  options: BuildkitdOptions,
  folder: string,
  root: string,
  socket: string,
): string[] {
  const config = join(folder, "buildkitd.toml");
  const { insecureRegistries = [], registryCas = {}, mirrors = {} } = options;
  const sections = [
    ...Object.entries(mirrors).map(([registry, host]) =>
      `[registry."${registry}"]\n  mirrors = ["${host}"]\n`
    ),
    ...insecureRegistries.map((host) => `[registry."${host}"]\n  http = true\n`),
    // On this machine's own addresses plain HTTP would go without saying.
    ...Object.entries(registryCas).map(([host, ca]) =>
      `[registry."${host}"]\n  http = false\n  ca = ["${ca}"]\n`
    ),
  ];
  writeFileSync(config, sections.join(""));
  const { tls } = options;
  return [
    ...["--config", config, "--root", root],
    ...(tls ? [] : ["--addr", socket]),
    ...(tls || options.tcp ? ["--addr", "tcp://127.0.0.1:0"] : []),
    ...(tls ? ["--tlscert", tls.cert, "--tlskey", tls.key] : []),
    ...(tls?.ca === undefined ? [] : ["--tlscacert", tls.ca]),
    ...["--containerd-worker=false", "--oci-worker=true", "--oci-worker-gc=false"],
    ...["--oci-worker-binary", options.tools.runc],
    // There is no CNI here, and what the steps reach is on this machine.
    ...["--oci-worker-net", "host"],
    ...(options.entitlements ?? ["network.host"]).flatMap((name) => [
      "--allow-insecure-entitlement",
      name,
    ]),
    ...(options.extraArgs ?? []),
  ];
}

/** A daemon that was killed in the middle of a step leaves containers and mounts: none may outlive the test. */
export async function releaseState(root: string): Promise<void> {
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    if (livesUnder(root, mountsOf(pid))) process.kill(Number(pid), "SIGKILL");
  }
  const points = mountsOf("self")
    .map((fields) => fields[4] ?? "")
    .filter((point) => point.startsWith(`${root}/`));
  for (const point of points.reverse()) await runOk("umount", ["-l", point]);
}

/** Whether a process has its root filesystem in the daemon's state, as the containers of its steps do. */
function livesUnder(root: string, mounts: readonly string[][]): boolean {
  const rootMount = mounts.find((fields) => fields[4] === "/");
  // A bind mount shows its source from the root of its own file system on.
  const marker = root.replace(/^\/dev\/shm/, "");
  return rootMount?.some((field) => field.includes(`${marker}/`)) ?? false;
}

/** The fields of each line of a process's mountinfo; nothing if the process is gone meanwhile. */
function mountsOf(pid: string): string[][] {
  try {
    const text = readFileSync(`/proc/${pid}/mountinfo`, "utf8");
    return text.trimEnd().split("\n").map((line) => line.split(" "));
  } catch (error) {
    // Ended since it was listed, or is ending.
    if (["ENOENT", "ESRCH", "EINVAL"].includes((error as { code?: string }).code ?? "")) return [];
    throw error;
  }
}
