/** A real dockerd with private state, its own containerd, and no network of its own. */
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { delimiter, join } from "node:path";
import process from "node:process";
import { releaseState } from "./buildkitd.ts";
import type { DockerProgram } from "./docker_programs.ts";
import { hasAllCapabilities, writeLesserRunc } from "./lesser_runc.ts";
import { once, startDaemon } from "./process.ts";
import { fastParent, tempFolder } from "./temp_folder.ts";
import { find } from "./tools.ts";

/** What `host-gateway` stands for on these engines. */
export const HOST_GATEWAY = "10.98.7.6";

/** Options of {@linkcode startDockerd}. */
export interface DockerdOptions {
  program: DockerProgram;
  /** Keep images in containerd's store, which engines since 24 can. @default false */
  containerdStore?: boolean;
  /** Also listen on a free TCP port of 127.0.0.1, with TLS where PEM files are given. @default false */
  tcp?: boolean | { ca: string; cert: string; key: string };
  /** Registries, as `host:port`, to be spoken to in plain HTTP. */
  insecureRegistries?: readonly string[];
}

/** A running engine. */
export interface Dockerd extends AsyncDisposable {
  /** `unix:///...`, as in DOCKER_HOST. */
  readonly host: string;
  /** `tcp://127.0.0.1:port` where asked for, else empty. */
  readonly tcpHost: string;
  readonly pid: number;
  /** Everything under which it keeps files. */
  readonly folder: string;
  log(): string;
  stop(): Promise<void>;
}

/** Starts an engine and waits until it answers. Needs root. */
export async function startDockerd(options: DockerdOptions): Promise<Dockerd> {
  const folder = tempFolder(fastParent());
  const path = join(folder.path, "docker.sock");
  const port = options.tcp ? await freePort() : undefined;
  const release = async () => {
    await releaseState(folder.path);
    await folder[Symbol.asyncDispose]();
  };
  try {
    const { program } = options;
    const daemon = await startDaemon({
      command: program.dockerd,
      args: daemonArgs(options, folder.path, path, port),
      logFile: join(folder.path, "log"),
      env: { PATH: [program.folder, process.env.PATH].filter(Boolean).join(delimiter) },
      ready: (log) => log.includes("API listen on " + (port === undefined ? path : "127.0.0.1")),
    });
    const stop = once(async () => {
      await daemon.stop();
      await release();
    });
    return {
      host: `unix://${path}`,
      tcpHost: port === undefined ? "" : `tcp://127.0.0.1:${port}`,
      pid: daemon.pid,
      folder: folder.path,
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
  options: DockerdOptions,
  folder: string,
  path: string,
  port: number | undefined,
): string[] {
  const config = join(folder, "daemon.json");
  const at = (name: string) => {
    mkdirSync(join(folder, name));
    return join(folder, name);
  };
  const features = options.containerdStore
    ? { features: { "containerd-snapshotter": true } }
    : options.program.folder === undefined
    ? {}
    : { features: { "containerd-snapshotter": false } };
  writeFileSync(
    config,
    JSON.stringify({
      ...features,
      ...runtime(options.program, folder),
      "insecure-registries": options.insecureRegistries ?? [],
    }),
  );
  const tls = typeof options.tcp === "object" ? options.tcp : undefined;
  return [
    ...["--config-file", config, "--pidfile", join(folder, "pid")],
    ...["--data-root", at("data"), "--exec-root", at("exec")],
    ...["-H", `unix://${path}`],
    ...(port === undefined ? [] : ["-H", `tcp://127.0.0.1:${port}`]),
    ...(tls
      ? ["--tlsverify", "--tlscacert", tls.ca, "--tlscert", tls.cert, "--tlskey", tls.key]
      : []),
    // Nothing of this machine's network is touched; steps and containers get the host's, or none.
    ...["--bridge=none", "--iptables=false", "--ip6tables=false"],
    // Without a bridge it has no address for host-gateway of its own.
    `--host-gateway-ip=${HOST_GATEWAY}`,
  ];
}

/** Debian's own engine is the one that asks for more than some machines have. */
function runtime({ folder: newer }: DockerProgram, folder: string): Record<string, unknown> {
  const runc = find("runc");
  if (newer !== undefined || runc === undefined || hasAllCapabilities()) return {};
  const path = join(folder, "lesser-runc");
  writeLesserRunc(path, runc);
  return { runtimes: { lesser: { path } }, "default-runtime": "lesser" };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
