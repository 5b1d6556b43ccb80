/** A session: the connection through which the daemon asks this side for files, credentials and more (session/session.go). */
import type { Handlers } from "../rpc/call.ts";
import type { Pipe } from "../rpc/pipe.ts";
import { serve, type Server } from "../rpc/server.ts";
import { healthHandlers } from "./health.ts";
import { randomId } from "./id.ts";

/** Options of {@linkcode openSession}. */
export interface SessionOptions {
  /** What the daemon may call, besides health. Just these methods are advertised. */
  handlers: Handlers;
  /** Names the context among all that the daemon has seen: equal keys share one copy of the files there. */
  sharedKey: string;
  /** Opens the pipe, with this metadata on its call. */
  openPipe: (metadata: Record<string, string | string[]>) => Promise<Pipe>;
  /** Makes the reason of {@linkcode Session.lost} from what broke the connection. @default that itself */
  explainLoss?: (error: Error) => Error;
  /** Told about every failed call of the daemon, with the error behind it. */
  onFailure?: (path: string, error: unknown) => void;
}

/** Opens a session. The daemon may call as soon as this resolves. */
export async function openSession(options: SessionOptions): Promise<Session> {
  const id = randomId();
  const handlers = { ...healthHandlers(), ...options.handlers };
  const pipe = await options.openPipe({
    "x-docker-expose-session-uuid": id,
    "x-docker-expose-session-sharedkey": options.sharedKey,
    "x-docker-expose-session-grpc-method": Object.keys(handlers),
  });
  return new Session(id, pipe, handlers, options);
}

/** An open session. */
export class Session implements AsyncDisposable {
  /** The id that Solve refers to. */
  readonly id: string;
  /** Fires if the session breaks before it is closed, with the error as its reason. */
  readonly lost: AbortSignal;
  readonly #pipe: Pipe;
  readonly #server: Server;
  #closing: Promise<void> | undefined;

  /** @ignore */
  constructor(
    id: string,
    pipe: Pipe,
    handlers: Handlers,
    options: Pick<SessionOptions, "onFailure" | "explainLoss"> = {},
  ) {
    const { onFailure = () => {}, explainLoss = (error) => error } = options;
    const lost = new AbortController();
    this.id = id;
    this.lost = lost.signal;
    this.#pipe = pipe;
    this.#server = serve(pipe, handlers, {
      onFailure,
      onLost: (error) => lost.abort(explainLoss(error)),
    });
  }

  /** Bytes that came from the daemon so far: it asks for the session's health every five seconds, so they get more. */
  get received(): number {
    return this.#server.received;
  }

  /** Ends the session: calls under way are broken off, the connection is closed (see {@linkcode Pipe.close}). Idempotent. */
  close(graceMs?: number): Promise<void> {
    return this.#closing ??= this.#close(graceMs);
  }

  async #close(graceMs: number | undefined): Promise<void> {
    await this.#server.close();
    await this.#pipe.close(graceMs);
  }

  /** Closes the session, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
