/** Starting a sidecar: image, network, volume, container, and the first answer. */
import { Buffer } from "node:buffer";
import { BuildKitClient } from "../client.ts";
import { parseAddress } from "../connect/address.ts";
import type { ContainerAddress } from "../connect/builder_address.ts";
import { socketTransport, type Transport } from "../connect/transport.ts";
import { type Environment, readEnvironment } from "../environment.ts";
import { EngineError } from "../errors.ts";
import { type ApiError, apiMessage } from "./api.ts";
import type { Engine } from "./engine.ts";
import { containerAddress, findContainerEngine } from "./exec_engine.ts";
import { execTransport } from "./exec_transport.ts";
import {
  type ContainerApi,
  type ContainerDetails,
  type SidecarApi,
  sidecarApi,
} from "./sidecar_api.ts";
import { archiveOf } from "./sidecar_config.ts";
import { containerRequest, labelsOf, PORT_KEY } from "./sidecar_container.ts";
import { provideImage } from "./sidecar_image.ts";
import { containerLog } from "./sidecar_log.ts";
import {
  planSidecar,
  SIDECAR_PORT,
  type SidecarOptions,
  type SidecarPlan,
} from "./sidecar_options.ts";
import { ADDRESS_LABEL, NETWORK_LABEL, SIDECAR_LABEL } from "./sidecar_owner.ts";
import { removeParts, sidecarParts } from "./sidecar_removal.ts";

/** A sidecar that has answered. */
export interface StartedSidecar {
  readonly engine: Engine;
  readonly api: SidecarApi;
  readonly container: ContainerApi;
  readonly name: string;
  readonly image: string;
  readonly network: string;
  readonly address: string;
  readonly networkAddress: string;
}

/** How much of a sidecar's log an error shows. */
const LAST_LINES = 10;

/** Starts it; see `startSidecar()`. The engine is the caller's from then on. */
export async function start(
  options: SidecarOptions,
  env: Environment = readEnvironment,
): Promise<StartedSidecar> {
  const plan = planSidecar(options);
  const signal = options.signal ?? new AbortController().signal;
  signal.throwIfAborted();
  const engine = await findContainerEngine(execAddress(plan), env, signal);
  try {
    const api = await sidecarApi(engine);
    const say = (line: string) => options.logger?.debug?.(`sidecar ${plan.name}: ${line}`);
    const found = await existing(engine, api, plan);
    if (found !== undefined) say("it is there already");
    const setting = { engine, api, env, signal, say };
    return await (found === undefined ? create(plan, setting) : resume(found, plan, setting));
  } catch (error) {
    await engine.close();
    throw error;
  }
}

interface Setting {
  readonly engine: Engine;
  readonly api: SidecarApi;
  readonly env: Environment;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/** A container of that name which may be used; undefined if there is none. */
async function existing(
  engine: Engine,
  api: SidecarApi,
  { name, keep }: SidecarPlan,
): Promise<ContainerDetails | undefined> {
  let details: ContainerDetails;
  try {
    details = await api.getContainer(name).inspect();
  } catch (error) {
    if ((error as ApiError).statusCode === 404) return undefined;
    throw error;
  }
  const isOurs = details.Config.Labels?.[SIDECAR_LABEL] === name;
  if (isOurs && keep) return details;
  throw new EngineError(
    "SIDECAR_FAILED",
    `Cannot start the sidecar ${name}: the engine at ${engine.address} has a container of that name, ` +
      `which is ${isOurs ? "another sidecar. Remove it first" : "no sidecar. Choose another name"}`,
  );
}

async function create(plan: SidecarPlan, setting: Setting): Promise<StartedSidecar> {
  const { api, signal, say } = setting;
  await provideImage(plan.image, setting);
  try {
    await provideNetwork(plan, setting);
    if (!plan.keepsVolume) await api.createVolume({ Name: plan.volume, Labels: labelsOf(plan) });
    const container = await asked(plan, setting, () => api.createContainer(containerRequest(plan)));
    if (plan.files.size > 0) {
      await container.putArchive(Buffer.from(archiveOf(plan.files)), { path: "/" });
    }
    say(`starting ${plan.image} on the network ${plan.network}`);
    await asked(plan, setting, () => container.start());
    return await ready(container, plan, setting);
  } catch (error) {
    // Also what was stopped half way by the signal.
    await takeBack(api, plan, error);
    signal.throwIfAborted();
    throw error;
  }
}

/** Removes what there is of a sidecar that could not be started. */
async function takeBack(api: SidecarApi, { name }: SidecarPlan, error: unknown): Promise<void> {
  try {
    await removeParts(api, await sidecarParts(api, name));
  } catch (failure) {
    const message = `${(error as Error).message}\nWhat there is of it could not be removed`;
    throw new AggregateError([error, failure], message);
  }
}

/** One that was left running, or was stopped. */
async function resume(
  { Id, Config }: ContainerDetails,
  plan: SidecarPlan,
  setting: Setting,
): Promise<StartedSidecar> {
  const container = setting.api.getContainer(Id);
  try {
    await container.start();
  } catch (error) {
    // 304: it runs.
    if ((error as ApiError).statusCode !== 304) throw refused(plan, setting, error);
  }
  const labels = Config.Labels ?? {};
  const started = await ready(container, { ...plan, image: Config.Image }, setting);
  return {
    ...started,
    network: labels[NETWORK_LABEL] ?? started.network,
    networkAddress: labels[ADDRESS_LABEL] ?? started.networkAddress,
  };
}

async function provideNetwork(plan: SidecarPlan, setting: Setting): Promise<void> {
  const { network: name } = plan;
  const { api } = setting;
  try {
    await api.getNetwork(name).inspect();
    return;
  } catch (error) {
    if ((error as ApiError).statusCode !== 404) throw error;
  }
  setting.say(`creating the network ${name}`);
  const request = { Name: name, Driver: "bridge", CheckDuplicate: true, Labels: labelsOf(plan) };
  await asked(plan, setting, () => api.createNetwork(request));
}

async function asked<T>(
  plan: SidecarPlan,
  setting: Setting,
  ask: () => Promise<T>,
): Promise<T> {
  setting.signal.throwIfAborted();
  try {
    return await ask();
  } catch (error) {
    throw refused(plan, setting, error);
  }
}

function refused({ name, image }: SidecarPlan, { engine }: Setting, error: unknown): EngineError {
  return new EngineError(
    "SIDECAR_FAILED",
    `Cannot start the sidecar ${name} (${image}): the Docker engine at ${engine.address} said: ${
      apiMessage(error)
    }`,
    error,
  );
}

/** Waits for the first answer, on the way that builds will take. */
async function ready(
  container: ContainerApi,
  plan: SidecarPlan,
  { engine, api, env, signal, say }: Setting,
): Promise<StartedSidecar> {
  const { address, transport } = await wayTo(container, plan, engine, env);
  const client = new BuildKitClient(transport);
  const over = new AbortController();
  const limits = AbortSignal.any([signal, over.signal]);
  try {
    const { version } = await Promise.race([
      client.waitForReady({ timeoutMs: plan.readyTimeoutMs, signal: limits }),
      ended(container, limits),
    ]);
    say(`BuildKit ${version} answers at ${address}`);
  } catch (error) {
    signal.throwIfAborted();
    throw await notReady(container, plan, error);
  } finally {
    over.abort(new Error("the wait is over"));
    await client.close();
  }
  const networkAddress = `tcp://${plan.alias}:${SIDECAR_PORT}`;
  const { name, image, network } = plan;
  return { ...{ engine, api, container, name, image, network }, address, networkAddress };
}

class EndedError extends Error {}

/** Rejects when the container ends; never settles otherwise, not even when the wait is over. */
function ended(container: ContainerApi, signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    container.wait({ abortSignal: signal }).then(
      ({ StatusCode }) => reject(new EndedError(`it ended with code ${StatusCode}`)),
      (error) => signal.aborted || reject(error),
    );
  });
}

async function notReady(
  container: ContainerApi,
  { name, image, readyTimeoutMs }: SidecarPlan,
  error: unknown,
): Promise<EngineError> {
  const lines = (await containerLog(container, LAST_LINES)).trimEnd();
  const log = lines === "" ? "Its log is empty" : `The end of its log:\n${lines}`;
  const limit = error instanceof EndedError ? "" : ` within ${readyTimeoutMs / 1000} s`;
  return new EngineError(
    "SIDECAR_FAILED",
    `The sidecar ${name} (${image}) did not answer${limit}: ` +
      `${(error as Error).message}\n${log}`,
    error,
  );
}

/** The address as seen from here: the published port, else the container. */
async function wayTo(
  container: ContainerApi,
  plan: SidecarPlan,
  engine: Engine,
  env: Environment,
): Promise<{ address: string; transport: Transport }> {
  const { NetworkSettings: { Ports } } = await container.inspect();
  const binding = Ports[PORT_KEY]?.[0];
  if (binding === undefined) {
    const address = execAddress(plan);
    return { address: address.text, transport: execTransport(address, env) };
  }
  const address = parseAddress(`tcp://${hostOf(binding.HostIp, engine)}:${binding.HostPort}`);
  return { address: address.text, transport: socketTransport({ address }) };
}

/** An engine elsewhere publishes on its own host. */
function hostOf(ip: string, { at: { address } }: Engine): string {
  if (address.scheme === "tcp") {
    return address.host.includes(":") ? `[${address.host}]` : address.host;
  }
  if (address.scheme === "ssh") return address.host;
  if (ip === "" || ip === "0.0.0.0" || ip === "::") return "127.0.0.1";
  return ip.includes(":") ? `[${ip}]` : ip;
}

function execAddress({ name, context }: SidecarPlan): ContainerAddress {
  const text = containerAddress(name, context);
  return { scheme: "docker-container", container: name, context, text };
}
