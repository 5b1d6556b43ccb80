/** A proxy before a daemon that records all calls made through it. */
import {
  type AddressInfo,
  connect,
  createServer,
  type NetConnectOpts,
  type Server,
  type Socket,
} from "node:net";
import { parseAddress } from "../../../src/connect/address.ts";
import { CallSniffer, type OnMessage } from "./call_sniffer.ts";
import type { RecordedCall } from "./recorded_call.ts";
import { tie } from "../relay.ts";

/** A running recorder. */
export interface Recorder extends AsyncDisposable {
  /** `tcp://127.0.0.1:port`, for the client. */
  readonly address: string;
  /**
   * The calls so far, in the order in which they began, with what the client can have seen of each: bytes are recorded
   * before they are passed on. Throws if something that is not gRPC went through.
   */
  readonly calls: readonly RecordedCall[];
  /** The calls of one method; the path may leave out its packages: `Control/Solve`. */
  callsOf(path: string): RecordedCall[];
  /** Forgets what was recorded. */
  clear(): void;
}

/**
 * Starts a recorder before the daemon at `target` (plain `tcp://` or `unix://`). Bytes pass through as they are, no faster than
 * they are taken; what is recorded never changes them. `onMessage` gets the bytes of every message.
 */
export async function startRecorder(target: string, onMessage?: OnMessage): Promise<Recorder> {
  const daemon = connectOptions(target);
  const calls: RecordedCall[] = [];
  const sockets = new Set<Socket>();
  let failure: { error: unknown } | undefined;
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const sniffer = new CallSniffer(calls, onMessage);
    const record = (take: (bytes: Uint8Array) => void) => (bytes: Uint8Array) => {
      try {
        if (failure === undefined) take(bytes);
      } catch (error) {
        // Recording must not break the traffic; whoever reads the record is told.
        failure = { error };
      }
    };
    const far = connect({ ...daemon, allowHalfOpen: true });
    tie(sockets, client, far);
    // Recorded first, so that nobody acts on what is not in the record yet.
    client.on("data", record((bytes) => sniffer.caller(bytes)));
    far.on("data", record((bytes) => sniffer.server(bytes)));
    client.pipe(far);
    far.pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const recorded = () => {
    if (failure !== undefined) throw failure.error;
    return calls;
  };
  return {
    address: `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get calls() {
      return recorded();
    },
    callsOf: (path) => recorded().filter((call) => isOf(call, path)),
    clear: () => void calls.splice(0),
    [Symbol.asyncDispose]: () => stop(server, sockets),
  };
}

function connectOptions(target: string): NetConnectOpts {
  const address = parseAddress(target);
  return address.scheme === "unix"
    ? { path: address.path }
    : { host: address.host, port: address.port };
}

async function stop(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  const closed = [...sockets].map((socket) => {
    return new Promise<void>((resolve) => {
      socket.once("close", () => resolve());
      socket.destroy();
    });
  });
  await Promise.all(closed);
  await new Promise((resolve) => server.close(resolve));
}

function isOf({ path }: RecordedCall, wanted: string): boolean {
  return path === wanted || path.endsWith(`.${wanted}`);
}
