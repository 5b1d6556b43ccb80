/** A proxy that does to connections what networks and machines do: it holds them, falls silent one way, resets them, slows down to a trickle. */
import type { Buffer } from "node:buffer";
import { rmSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** Which way bytes go: `up` to the server, `down` to the client. */
export type Direction = "up" | "down";

/** When to stop: at a connection, at a text, or after a number of bytes in one direction. */
export type Trigger =
  | { readonly accepted: true }
  | { readonly direction: Direction; readonly text: string }
  | { readonly direction: Direction; readonly bytes: number };

/** A running proxy. */
export interface FaultProxy extends AsyncDisposable {
  /** `127.0.0.1:port`, or the path of its socket. */
  readonly host: string;
  /** Resolves when the trigger has come; what made it come and all that follows, both ways, is then held until {@linkcode FaultProxy.go}. */
  holdAt(trigger: Trigger): Promise<void>;
  /** Lets all go on that is held. */
  go(): void;
  /** Nothing goes in these directions any more, while the connections stay open. */
  silence(directions: readonly Direction[]): void;
  /** From now on so many bytes every {@linkcode TRICKLE_MS}, each way. */
  trickle(bytes: number): void;
  /** Ends all connections. */
  cut(): void;
  /** Ends all connections by a reset. */
  reset(): void;
  /** Ends all connections and takes no more. */
  leave(): void;
  /** Mends all, and resolves when the client has no connection open any more: while nothing is read, no end shows. */
  idle(): Promise<void>;
}

/** How often a trickle drips, in milliseconds. */
export const TRICKLE_MS = 10;

/** Where the proxy goes: a port of this machine, or a socket. */
export type Target = { readonly port: number } | { readonly path: string };

/** From `tcp://127.0.0.1:1`, `127.0.0.1:1` or `unix:///path`. */
export function targetOf(address: string): Target {
  const unix = /^unix:\/\/(.*)/.exec(address)?.[1];
  return unix === undefined ? { port: Number(address.split(":").at(-1)) } : { path: unix };
}

/** Starts a proxy before a server; on a free port unless `path` says on which socket. */
export async function startFaultProxy(target: Target, path?: string): Promise<FaultProxy> {
  const state = new State();
  if (path !== undefined) rmSync(path, { force: true });
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const upstream = connect({ ...target, allowHalfOpen: true });
    state.add(client, upstream);
  });
  await new Promise<void>((resolve) =>
    path === undefined ? server.listen(0, "127.0.0.1", resolve) : server.listen(path, resolve)
  );
  const host = path ?? `127.0.0.1:${(server.address() as AddressInfo).port}`;
  let closing: Promise<void> | undefined;
  const close = () => closing ??= new Promise((resolve) => server.close(() => resolve()));
  return {
    host,
    holdAt: (trigger) => state.holdAt(trigger),
    go: () => state.go(),
    silence: (directions) => directions.forEach((direction) => state.silent.add(direction)),
    trickle: (bytes) => void (state.drip = bytes),
    cut: () => state.end((socket) => socket.destroy()),
    reset: () => state.end((socket) => socket.resetAndDestroy()),
    leave() {
      void close();
      state.end((socket) => socket.destroy());
    },
    idle: () => state.idle(),
    async [Symbol.asyncDispose]() {
      const closed = close();
      state.end((socket) => socket.destroy());
      await Promise.all([closed, state.idle()]);
    },
  };
}

/** What all connections share. */
class State {
  readonly silent = new Set<Direction>();
  drip: number | undefined;
  held = false;
  #trigger: Trigger | undefined;
  #reached = () => {};
  #emptied = () => {};
  readonly #pairs = new Set<readonly [client: Socket, upstream: Socket]>();
  readonly #lanes = new Set<Lane>();
  readonly #passed = { up: 0, down: 0 };
  /** The ends of what has passed, for texts that come in two chunks. */
  readonly #tails = { up: "", down: "" };

  add(client: Socket, upstream: Socket): void {
    const pair = [client, upstream] as const;
    const lanes = [
      new Lane("up", client, upstream, this),
      new Lane("down", upstream, client, this),
    ];
    this.#pairs.add(pair);
    let open = 2;
    for (const [socket, other] of [[client, upstream], [upstream, client]] as const) {
      // Who breaks a connection is no concern of the proxy; the other end must notice.
      socket.on("error", () => {});
      socket.on("close", () => {
        other.destroy();
        if (--open > 0) return;
        for (const lane of lanes) lane.close();
        this.#pairs.delete(pair);
        if (this.#pairs.size === 0) this.#emptied();
      });
    }
    for (const lane of lanes) this.#lanes.add(lane);
    if (this.#trigger !== undefined && "accepted" in this.#trigger) this.#hold();
  }

  remove(lane: Lane): void {
    this.#lanes.delete(lane);
  }

  holdAt(trigger: Trigger): Promise<void> {
    this.#trigger = trigger;
    return new Promise((resolve) => this.#reached = resolve);
  }

  /** Takes note of bytes before they go on. */
  note(direction: Direction, chunk: Buffer): void {
    this.#passed[direction] += chunk.length;
    const trigger = this.#trigger;
    if (trigger === undefined || "accepted" in trigger || trigger.direction !== direction) return;
    if ("bytes" in trigger) {
      if (this.#passed[direction] >= trigger.bytes) this.#hold();
      return;
    }
    const text = this.#tails[direction] + chunk.toString("latin1");
    this.#tails[direction] = text.slice(-trigger.text.length);
    if (text.includes(trigger.text)) this.#hold();
  }

  #hold(): void {
    this.#trigger = undefined;
    this.held = true;
    this.#reached();
  }

  go(): void {
    this.held = false;
    for (const lane of this.#lanes) lane.flush();
  }

  /** Does it to the client's sockets; those of the server then end, too. */
  end(action: (socket: Socket) => void): void {
    for (const [client, upstream] of this.#pairs) {
      action(client);
      upstream.destroy();
    }
  }

  async idle(): Promise<void> {
    this.silent.clear();
    this.drip = undefined;
    this.go();
    if (this.#pairs.size === 0) return;
    await new Promise<void>((resolve) => this.#emptied = resolve);
  }
}

/** One direction of one connection. */
class Lane {
  readonly #direction: Direction;
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #state: State;
  #queue: Buffer[] = [];
  #ended = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(direction: Direction, from: Socket, to: Socket, state: State) {
    this.#direction = direction;
    this.#from = from;
    this.#to = to;
    this.#state = state;
    from.on("data", (chunk: Buffer) => {
      state.note(direction, chunk);
      this.#queue.push(chunk);
      this.flush();
    });
    from.on("end", () => {
      this.#ended = true;
      this.flush();
    });
    to.on("drain", () => this.flush());
  }

  flush(): void {
    const { held, silent, drip } = this.#state;
    if (held || silent.has(this.#direction)) return void this.#from.pause();
    if (this.#timer !== undefined) return;
    while (this.#queue.length > 0) {
      if (drip !== undefined) return this.#drip(drip);
      if (!this.#to.write(this.#queue.shift()!)) return void this.#from.pause();
    }
    if (this.#ended) this.#to.end();
    else this.#from.resume();
  }

  #drip(bytes: number): void {
    this.#from.pause();
    const [first, ...rest] = this.#queue as [Buffer, ...Buffer[]];
    this.#to.write(first.subarray(0, bytes));
    this.#queue = first.length > bytes ? [first.subarray(bytes), ...rest] : rest;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.flush();
    }, TRICKLE_MS);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#state.remove(this);
  }
}
