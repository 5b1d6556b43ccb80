/** Dialing by Deno's own call: loading `node:net` takes as long as a third of a small build. */
import type { DenoApi, DenoConn } from "../runtime/deno.ts";
import type { Address } from "./address.ts";
import { deadline } from "./deadline.ts";
import type { DialOptions } from "./dial.ts";
import { connectionError } from "./failure.ts";

/**
 * Connects a socket; undefined where that fails, for another dial to find out why.
 *
 * @throws {ConnectionError} if the time is over
 * @throws the signal's reason, if it fires first
 */
export async function denoDial(
  deno: DenoApi,
  address: Address,
  { signal, timeoutMs }: Required<Pick<DialOptions, "timeoutMs">> & DialOptions,
): Promise<DenoConn | undefined> {
  signal?.throwIfAborted();
  const giveUp = new AbortController();
  const connecting = deno.connect(
    address.scheme === "unix"
      ? { transport: "unix", path: address.path }
      : { hostname: address.host, port: address.port, signal: giveUp.signal },
  );
  const limit = deadline(timeoutMs, signal);
  try {
    const conn = await limit.before(connecting);
    if (address.scheme === "tcp") conn.setNoDelay?.(true);
    return conn;
  } catch {
    // The kernel would go on trying for two minutes, and the program wait for it.
    giveUp.abort();
    // One that comes too late is nobody's; why it failed, if it does, is of no interest any more.
    connecting.then((conn) => conn.close(), () => {});
    signal?.throwIfAborted();
    if (limit.passed) throw connectionError("CONNECT_TIMEOUT", address);
    return undefined;
  } finally {
    limit.release();
  }
}
