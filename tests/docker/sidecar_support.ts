/** What the tests of sidecars share. */
import { type AddressInfo, connect, createServer } from "node:net";
import { networkInterfaces } from "node:os";
import type { Readable } from "node:stream";
import Dockerode from "dockerode";
import http from "node:http";
import { engineTest, type TestEngine, type TestEnvironment } from "../support/env.ts";
import { relay } from "../support/relay.ts";
import { sidecarImage } from "../support/sidecar_image.ts";
import { withVariables } from "./support.ts";

/** Registers a test for each engine that runs containers, with that engine as the one in use and an image to start. */
export function sidecarTest(
  name: string,
  test: (image: string, engine: TestEngine, environment: TestEnvironment) => Promise<void>,
  applies: (engine: TestEngine) => boolean = () => true,
): void {
  engineTest(name, async (engine, environment) => {
    const image = await sidecarImage(engine, environment);
    await withVariables({ DOCKER_HOST: engine.host }, () => test(image, engine, environment));
  }, (engine) => engine.runsContainers && applies(engine));
}

interface Container {
  readonly id: string;
  start(): Promise<void>;
  kill(): Promise<void>;
  wait(): Promise<{ StatusCode: number }>;
  logs(options: { stdout: true; stderr: true }): Promise<Uint8Array>;
  remove(options: { force: true }): Promise<void>;
}

interface Api {
  createContainer(options: Record<string, unknown>): Promise<Container>;
  getContainer(name: string): Container;
  getVolume(name: string): { remove(): Promise<void> };
  getNetwork(name: string): {
    inspect(): Promise<{ Containers: Record<string, { IPv4Address: string }> }>;
  };
  pull(image: string, options: Record<string, unknown>): Promise<Readable>;
  listContainers(options: { all: true }): Promise<Array<{ Names: string[] }>>;
  listNetworks(): Promise<Array<{ Name: string }>>;
  listVolumes(): Promise<{ Volumes: Array<{ Name: string }> | null }>;
}

/** The engine's API, as far as these tests go. */
export function apiOf({ host }: TestEngine): Api {
  const agent = new http.Agent({ keepAlive: false });
  const socketPath = host.replace("unix://", "");
  return new (Dockerode as unknown as new (options: unknown) => Api)({ socketPath, agent });
}

/** Runs a container to its end and returns what it prints. */
export async function printed(
  engine: TestEngine,
  Image: string,
  options: Record<string, unknown> = {},
): Promise<string> {
  const container = await apiOf(engine).createContainer({
    ...{ Image, Tty: true, HostConfig: { NetworkMode: "none" } },
    ...options,
  });
  try {
    await container.start();
    await container.wait();
    const bytes = await container.logs({ stdout: true, stderr: true });
    return new TextDecoder().decode(bytes).replaceAll("\r\n", "\n");
  } finally {
    await container.remove({ force: true });
  }
}

/** A container in the background. */
export async function started(
  engine: TestEngine,
  Image: string,
  options: Record<string, unknown>,
): Promise<AsyncDisposable & { readonly id: string }> {
  const container = await apiOf(engine).createContainer({
    ...{ Image, HostConfig: { NetworkMode: "none" } },
    ...options,
  });
  const remove = () => container.remove({ force: true });
  await container.start();
  return { id: container.id, [Symbol.asyncDispose]: remove };
}

/** The names of everything that a sidecar could leave behind. */
export async function inventory(engine: TestEngine): Promise<string[]> {
  const api = apiOf(engine);
  const [containers, networks, { Volumes: volumes }] = await Promise.all([
    api.listContainers({ all: true }),
    api.listNetworks(),
    api.listVolumes(),
  ]);
  return [
    ...containers.map(({ Names }) => `container ${Names.join(" ")}`),
    ...networks.map(({ Name }) => `network ${Name}`),
    ...(volumes ?? []).map(({ Name }) => `volume ${Name}`),
  ].sort();
}

/** A way for containers to something that listens on this machine's 127.0.0.1. */
export interface Door extends AsyncDisposable {
  /** `address:port`, as containers on a bridge reach it. */
  readonly host: string;
}

/** Opens a door to `127.0.0.1:port`. */
export async function openDoor(target: string): Promise<Door> {
  const port = Number(target.split(":")[1]);
  const server = createServer();
  const listen = { port: 0, host: "0.0.0.0" };
  const relaying = await relay(server, listen, () => connect(port, "127.0.0.1"));
  return {
    host: `${ownAddress()}:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: () => relaying[Symbol.asyncDispose](),
  };
}

/** An address of this machine that is not of itself alone. */
function ownAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  const found = all.find(({ family, internal }) => family === "IPv4" && !internal);
  if (found === undefined) throw new Error("This machine has no IPv4 address for its containers");
  return found.address;
}
