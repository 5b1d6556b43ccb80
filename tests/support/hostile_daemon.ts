/**
 * A daemon that plays a script: what a client must be ready for from a builder that is broken, or in somebody else's hands.
 * It speaks through our own HTTP/2, whose connections let a script send any bytes besides.
 */
import type { Socket } from "node:net";
import {
  Control,
  type SolveRequest,
  type StatusResponse,
  StatusResponse as StatusCodec,
} from "../../src/gen/control.ts";
import type { Handlers } from "../../src/rpc/call.ts";
import { envelope } from "../../src/rpc/envelope.ts";
import { serve, type Server } from "../../src/rpc/server.ts";
import { socketPipe } from "../../src/rpc/socket_pipe.ts";
import { RpcError, StatusCode } from "../../src/rpc/status.ts";
import { onlyMessage, unary } from "../../src/rpc/unary.ts";
import { HostileSession } from "./hostile_session.ts";
import { listen } from "./listener.ts";

/** What a script has of a build. */
export interface Stage {
  readonly request: SolveRequest;
  /** Sends a status message; false once the client does not listen any more. */
  status(message: Partial<StatusResponse>): Promise<boolean>;
  /** Fires when the client ends the call, of Solve or `afterwards` of Status, or the connection. */
  readonly gone: AbortSignal;
}

/** What the daemon does. */
export interface Script {
  /**
   * Plays Solve: gets the client's session. What it returns is the answer, what it throws is Solve's failure.
   * @default success
   */
  session?(
    session: HostileSession,
    stage: Stage,
  ): Promise<Readonly<Record<string, string>> | void>;
  /** Goes on with the status stream after Solve was answered. @default it ends */
  afterwards?(stage: Stage): Promise<void>;
  /** Serves in place of what there is, or besides. */
  handlers?: Handlers;
  /** Has the connection itself; nothing is served then. */
  socket?(socket: Socket): void;
}

/** A running daemon. */
export interface HostileDaemon extends AsyncDisposable {
  readonly address: string;
  /** Everything that clients sent in their sessions. */
  received(): Uint8Array[];
}

/** Starts a daemon. */
export async function hostile(script: Script): Promise<HostileDaemon> {
  const servers = new Set<Server>();
  const sessions: HostileSession[] = [];
  const listener = await listen((socket) => {
    if (script.socket !== undefined) return script.socket(socket);
    servers.add(serve(socketPipe(socket), new Stagehand(script, sessions).handlers()));
  });
  return {
    address: listener.address,
    received: () => sessions.flatMap(({ received }) => received),
    async [Symbol.asyncDispose]() {
      await listener[Symbol.asyncDispose]();
      await Promise.all(Array.from(servers, (server) => server.close()));
    },
  };
}

/** Waits for a signal, also one that has fired. */
export async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
}

/** A value that somebody waits for. */
function promised<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve = (_value: T): void => {};
  const promise = new Promise<T>((done) => resolve = done);
  return { promise, resolve };
}

/** One connection's calls, brought together. */
class Stagehand {
  readonly #script: Script;
  readonly #sessions: HostileSession[];
  readonly #session = promised<HostileSession>();
  readonly #stage = promised<Stage>();
  readonly #solved = promised<void>();
  /** Where status messages go, once the client asks for them. */
  readonly #status = promised<(message: Partial<StatusResponse>) => Promise<boolean>>();

  constructor(script: Script, sessions: HostileSession[]) {
    this.#script = script;
    this.#sessions = sessions;
  }

  handlers(): Handlers {
    return {
      [Control.info.path]: unary(Control.info, () => ({
        buildkitVersion: {
          version: "v0.34.2",
          package: "hostile",
          revision: "",
          dockerfileVersion: "",
        },
      })),
      [Control.listWorkers.path]: unary(Control.listWorkers, () => ({ record: [] })),
      [Control.session.path]: async (call) => {
        await call.write(new Uint8Array());
        const session = new HostileSession(call);
        this.#sessions.push(session);
        this.#session.resolve(session);
        await session.run();
      },
      [Control.status.path]: async (call) => {
        await onlyMessage(call);
        this.#status.resolve(async (message) => {
          if (call.signal.aborted) return false;
          try {
            await call.write(envelope(StatusCodec.encode(message)));
          } catch (error) {
            if (call.signal.aborted) return false;
            throw error;
          }
          return !call.signal.aborted;
        });
        await Promise.race([this.#solved.promise, aborted(call.signal)]);
        if (call.signal.aborted) return;
        await this.#script.afterwards?.({ ...await this.#stage.promise, gone: call.signal });
      },
      [Control.solve.path]: unary(Control.solve, async (request, call) => {
        const status = async (message: Partial<StatusResponse>) =>
          await (await this.#status.promise)(message);
        const stage = { request, gone: call.signal, status };
        this.#stage.resolve(stage);
        try {
          const session = await Promise.race([this.#session.promise, aborted(call.signal)]);
          const played = session && await this.#script.session?.(session, stage);
          return { exporterResponse: new Map(Object.entries(played ?? {})) };
        } catch (error) {
          if (error instanceof RpcError) throw error;
          throw new RpcError(StatusCode.UNKNOWN, `script: ${(error as Error).message}`);
        } finally {
          this.#solved.resolve();
        }
      }),
      ...this.#script.handlers,
    };
  }
}
