/** The way to a daemon in a container: `buildctl dial-stdio` run there by the engine (buildx driver/docker-container). */
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { ContainerAddress } from "../connect/builder_address.ts";
import { programEnded } from "../connect/command.ts";
import { deadline, DIAL_TIMEOUT_MS } from "../connect/deadline.ts";
import { closeSocket, type DialOptions } from "../connect/dial.ts";
import { connectionError } from "../connect/failure.ts";
import { diagnoseStream } from "../connect/probe.ts";
import { StdioStream } from "../connect/stdio_stream.ts";
import type { Transport } from "../connect/transport.ts";
import { type Environment, readEnvironment } from "../environment.ts";
import { ConnectionError, EngineError } from "../errors.ts";
import { socketPipe } from "../rpc/socket_pipe.ts";
import { type ApiError, apiMessage } from "./api.ts";
import type { Engine } from "./engine.ts";
import { findContainerEngine } from "./exec_engine.ts";
import { type ContainerExecApi, type ExecApi, execApi } from "./exec_api.ts";
import { FrameSplitter } from "./exec_frames.ts";
import { exchange } from "./exchange.ts";

/** The way by a container's address. The engine is looked for by the first dial. */
export function execTransport(
  address: ContainerAddress,
  env: Environment = readEnvironment,
): Transport {
  let finding: Promise<Engine> | undefined;
  const engine = async (signal?: AbortSignal) => {
    finding ??= findContainerEngine(address, env, signal);
    try {
      return await finding;
    } catch (error) {
      // The next dial may find one.
      finding = undefined;
      throw error;
    }
  };
  const dial = (options: DialOptions = {}) =>
    inTime(
      address,
      options,
      async () => await openExec(await engine(options.signal), address, options),
    );
  return {
    address,
    authority: "localhost",
    dial: async (options) => socketPipe(await dial(options)),
    dialStream: dial,
    diagnose: (options) => diagnoseStream(address, dial, options),
    close: async () => {
      const found = finding;
      finding = undefined;
      // One that was not found holds nothing.
      await (await found?.catch(() => undefined))?.close();
    },
  };
}

async function inTime(
  address: ContainerAddress,
  { timeoutMs = DIAL_TIMEOUT_MS, signal }: DialOptions,
  open: () => Promise<Duplex>,
): Promise<Duplex> {
  const limit = deadline(timeoutMs, signal);
  const opening = open();
  try {
    return await limit.before(opening);
  } catch (error) {
    // A stream that comes too late is nobody's; an error of it has been told or is of no interest any more.
    opening.then((stream) => stream.destroy(), () => {});
    signal?.throwIfAborted();
    throw limit.passed ? connectionError("CONNECT_TIMEOUT", address) : error;
  } finally {
    limit.release();
  }
}

async function openExec(
  engine: Engine,
  address: ContainerAddress,
  options: DialOptions,
): Promise<Duplex> {
  const api = await execApi(engine);
  const exec = await createExec(api, engine, address, options.signal);
  const socket = await engine.dial(options);
  try {
    const { status } = await exchange(socket, {
      method: "POST",
      path: `/exec/${exec.id}/start`,
      headers: { connection: "Upgrade", upgrade: "tcp" },
      json: { Detach: false, Tty: false },
    }, options);
    if (status !== 101 && status !== 200) {
      throw programEnded(
        address.text,
        `the engine refused to start it, status ${status}`,
        "",
        false,
      );
    }
    return execStream(socket, { api, exec, address });
  } catch (error) {
    await closeSocket(socket);
    throw error;
  }
}

async function createExec(
  api: ContainerExecApi,
  engine: Engine,
  address: ContainerAddress,
  signal: AbortSignal | undefined,
): Promise<ExecApi> {
  try {
    return await api.getContainer(address.container).exec({
      ...{ AttachStdin: true, AttachStdout: true, AttachStderr: true, Tty: false },
      Cmd: ["buildctl", "dial-stdio"],
      ...(signal && { abortSignal: signal }),
    });
  } catch (error) {
    signal?.throwIfAborted();
    const { statusCode } = error as ApiError;
    const cause = new Error(`${engine.address}: ${apiMessage(error)}`, { cause: error });
    if (statusCode === 404) throw connectionError("CONTAINER_NOT_FOUND", address, cause);
    if (statusCode === 409) throw connectionError("CONTAINER_STOPPED", address, cause);
    throw new EngineError(
      "ENGINE_REFUSED",
      `Cannot connect to ${address.text}: the engine at ${engine.address} said: ${
        apiMessage(error)
      }`,
      error,
    );
  }
}

interface Relay {
  readonly api: ContainerExecApi;
  readonly exec: ExecApi;
  readonly address: ContainerAddress;
}

function execStream(socket: Socket, relay: Relay): Duplex {
  const stream = new StdioStream({
    stdin: socket,
    setPaused: (paused) => void (paused ? socket.pause() : socket.resume()),
    // Without its streams buildctl ends by itself.
    stop: () => closeSocket(socket),
    explain: (words, served) => explainEnd(relay, words, served),
  });
  const frames = new FrameSplitter({
    stdout: (bytes) => stream.heard(bytes),
    stderr: (bytes) => stream.overheard(bytes),
  });
  socket.on("data", (chunk: Uint8Array) => frames.push(chunk));
  socket.once("end", () => void stream.over());
  socket.once("close", () => void stream.over());
  return stream;
}

/** Asks the engine what became of the container and of the program in it. */
async function explainEnd(
  { api, exec, address }: Relay,
  words: string,
  served: boolean,
): Promise<Error> {
  const { text, container } = address;
  try {
    const { State: state } = await api.getContainer(container).inspect();
    if (!state.Running) {
      const why = state.OOMKilled ? "it ran out of memory" : `exit code ${state.ExitCode}`;
      const cause = `${served ? "Lost the connection" : "Cannot connect"} to ${text}`;
      return new ConnectionError(
        "CONTAINER_STOPPED",
        text,
        `${cause}: the container ${container} has stopped (${why}). Look at its log`,
      );
    }
    const { ExitCode } = await exec.inspect();
    // It was the daemon that hung up, perhaps because its container is just being stopped.
    if (served && ExitCode === 0) return connectionError("CONNECTION_LOST", address);
    return programEnded(text, `buildctl in the container ended with ${ExitCode}`, words, served);
  } catch (error) {
    // Gone with the container, or the engine itself is: what is known is still worth telling.
    return programEnded(
      text,
      `the container or its engine is gone (${apiMessage(error)})`,
      words,
      served,
    );
  }
}
