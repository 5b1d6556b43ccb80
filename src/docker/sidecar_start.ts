/** Starting a sidecar: image, network, volume, container, and the first answer. */
import { Buffer } from "node:buffer";
import { type Environment, readEnvironment } from "../environment.ts";
import { EngineError } from "../errors.ts";
import { type ApiError, apiMessage } from "./api.ts";
import type { Engine } from "./engine.ts";
import { findContainerEngine } from "./exec_engine.ts";
import {
  type ContainerApi,
  type ContainerDetails,
  type SidecarApi,
  sidecarApi,
} from "./sidecar_api.ts";
import { archiveOf } from "./sidecar_config.ts";
import { containerRequest, labelsOf } from "./sidecar_container.ts";
import { provideImage } from "./sidecar_image.ts";
import {
  planSidecar,
  SIDECAR_PORT,
  type SidecarOptions,
  type SidecarPlan,
} from "./sidecar_options.ts";
import { ADDRESS_LABEL, NETWORK_LABEL, SIDECAR_LABEL } from "./sidecar_owner.ts";
import { type Setting as ReadySetting, sidecarAddress, untilReady } from "./sidecar_ready.ts";
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

/** Starts it; see `startSidecar()`. The engine is the caller's from then on. */
export async function start(
  options: SidecarOptions,
  env: Environment = readEnvironment,
): Promise<StartedSidecar> {
  const plan = planSidecar(options);
  const signal = options.signal ?? new AbortController().signal;
  signal.throwIfAborted();
  const engine = await findContainerEngine(sidecarAddress(plan), env, signal);
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

interface Setting extends ReadySetting {
  readonly api: SidecarApi;
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

async function ready(
  container: ContainerApi,
  plan: SidecarPlan,
  setting: Setting,
): Promise<StartedSidecar> {
  const { engine, api } = setting;
  const { name, image, network, alias } = plan;
  const address = await untilReady(container, plan, setting);
  const networkAddress = `tcp://${alias}:${SIDECAR_PORT}`;
  return { ...{ engine, api, container, name, image, network }, address, networkAddress };
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
