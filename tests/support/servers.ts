/** Everything a test run or the demo needs, started in order and stopped in the reverse one. */
import { pushBaseImage } from "./base_image.ts";
import { type Buildkitd, startBuildkitd } from "./buildkitd.ts";
import { dockerVersion, installDocker } from "./docker_programs.ts";
import { startDockerd } from "./dockerd.ts";
import type { TestEngine, TestEnvironment } from "./env.ts";
import { type Registry, startRegistry } from "./registry.ts";
import { installTools, type Tools } from "./tools.ts";

/** A builder, and a registry that holds the base image. */
export interface Builder extends AsyncDisposable {
  readonly tools: Tools;
  readonly buildkitd: Buildkitd;
  readonly registry: Registry;
  readonly baseImage: string;
}

/** Installs what is missing and starts a builder with its registry; `say` gets a line for each thing that takes time. */
export async function startBuilder(say: (line: string) => void = console.error): Promise<Builder> {
  await using stack = new AsyncDisposableStack();
  const tools = await installTools(say);
  const registry = stack.use(await startRegistry({ tools }));
  const buildkitd = stack.use(
    await startBuildkitd({ tools, tcp: true, insecureRegistries: [registry.host] }),
  );
  const { address } = buildkitd;
  const baseImage = await pushBaseImage({ tools, address, registry: registry.host });
  const owned = stack.move();
  const dispose = () => owned.disposeAsync();
  return { tools, buildkitd, registry, baseImage, [Symbol.asyncDispose]: dispose };
}

/** What the tests run against. */
export interface Servers extends AsyncDisposable {
  readonly environment: TestEnvironment;
}

/** Starts a builder and its peer, which uses the same registry and shares nothing else. */
export async function startServers(say: (line: string) => void = console.error): Promise<Servers> {
  await using stack = new AsyncDisposableStack();
  const { tools, buildkitd, registry, baseImage } = stack.use(await startBuilder(say));
  const peer = stack.use(
    await startBuildkitd({ tools, insecureRegistries: [registry.host] }),
  );
  const engines = await startEngines(stack, say);
  const environment = {
    engines,
    address: buildkitd.address,
    tcpAddress: buildkitd.tcpAddress,
    peerAddress: peer.address,
    registry: registry.host,
    baseImage,
    tools,
  };
  const owned = stack.move();
  return { environment, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** The first engine whose socket speaks gRPC. */
const FIRST_NATIVE = 29;

/** Starts an engine of each age: the oldest with Docker's own image store, the others with containerd's. */
async function startEngines(
  stack: AsyncDisposableStack,
  say: (line: string) => void,
): Promise<TestEngine[]> {
  const programs = await installDocker(say);
  return await Promise.all(programs.map(async (program, i) => {
    const containerdStore = i > 0;
    const dockerd = stack.use(await startDockerd({ program, containerdStore }));
    const name = await dockerVersion(program);
    // One built from its module knows no version; it is the newest.
    const native = !(parseInt(name) < FIRST_NATIVE);
    return { name, host: dockerd.host, containerdStore, native, runsContainers: !native };
  }));
}
