/** The first answer of a sidecar, and where it comes from. */
import { BuildKitClient } from "../client.ts";
import { parseAddress } from "../connect/address.ts";
import type { ContainerAddress } from "../connect/builder_address.ts";
import { socketTransport, type Transport } from "../connect/transport.ts";
import type { Environment } from "../environment.ts";
import { EngineError } from "../errors.ts";
import type { Engine } from "./engine.ts";
import { containerAddress } from "./exec_engine.ts";
import { execTransport } from "./exec_transport.ts";
import type { ContainerApi } from "./sidecar_api.ts";
import { PORT_KEY } from "./sidecar_container.ts";
import { containerLog } from "./sidecar_log.ts";
import type { SidecarPlan } from "./sidecar_options.ts";

/** How much of a sidecar's log an error shows. */
const LAST_LINES = 10;

/** What waiting for a sidecar needs. */
export interface Setting {
  readonly engine: Engine;
  readonly env: Environment;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/**
 * Waits for the first answer, on the way that builds will take, and returns the address as seen from here.
 *
 * @throws {EngineError} with the end of the sidecar's log, if it does not answer in time
 */
export async function untilReady(
  container: ContainerApi,
  plan: SidecarPlan,
  { engine, env, signal, say }: Setting,
): Promise<string> {
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
    return address;
  } catch (error) {
    signal.throwIfAborted();
    throw await notReady(container, plan, error);
  } finally {
    over.abort(new Error("the wait is over"));
    await client.close();
  }
}

/** Rejects when the container ends; never settles otherwise, not even when the wait is over. */
function ended(container: ContainerApi, signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    container.wait({ abortSignal: signal }).then(
      ({ StatusCode }) => reject(new Error(`it ended with code ${StatusCode}`)),
      (error) => signal.aborted || reject(error),
    );
  });
}

async function notReady(
  container: ContainerApi,
  { name, image, readyTimeoutMs }: SidecarPlan,
  error: unknown,
): Promise<EngineError> {
  const { State: state } = await container.inspect();
  const lines = await lastWords(container);
  // Either way of waiting may have been the first to notice.
  const problem = state.Running
    ? ` within ${readyTimeoutMs / 1000} s: ${(error as Error).message}`
    : `: it ended with code ${state.ExitCode}`;
  const log = lines === "" ? "Its log is empty" : `The end of its log:\n${lines}`;
  return new EngineError(
    "SIDECAR_FAILED",
    `The sidecar ${name} (${image}) did not answer${problem}\n${log}`,
    error,
  );
}

/**
 * The last lines on standard error, else of all. Engines keep no order between the streams, and count lines of both: a page of
 * help would push the reason out.
 */
async function lastWords(container: ContainerApi): Promise<string> {
  const text = await containerLog(container, undefined, { stdout: false }) ||
    await containerLog(container);
  return text.trimEnd().split("\n").slice(-LAST_LINES).join("\n");
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
    const address = sidecarAddress(plan);
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

/** The container's own address, which does as long as it runs. */
export function sidecarAddress(
  { name, context }: Pick<SidecarPlan, "name" | "context">,
): ContainerAddress {
  const text = containerAddress(name, context);
  return { scheme: "docker-container", container: name, context, text };
}
