import { chooseBuilder } from "../builder.ts";
import { connect, type DaemonInfo } from "../client.ts";
import type { ConnectionChoice } from "./connection_flags.ts";

/** How long a builder is tried, in milliseconds, as buildctl. */
const DEFAULT_TIMEOUT_MS = 5_000;

/** What answered, and where. */
export interface ReachedBuilder extends DaemonInfo {
  readonly address: string;
}

/** Asks the chosen builder who it is, with `--wait` again and again until the timeout. Throws a `ConnectionError`. */
export async function reachBuilder(
  choice: ConnectionChoice,
  signal: AbortSignal,
): Promise<ReachedBuilder> {
  const { address } = chooseBuilder(choice.address);
  const { tls, wait, timeoutMs = DEFAULT_TIMEOUT_MS } = choice;
  const client = connect(address, tls === undefined ? {} : { tls });
  try {
    const info = wait
      ? await client.waitForReady({ timeoutMs, signal })
      : await client.ping({ timeoutMs, signal });
    return { address, ...info };
  } finally {
    await client.close();
  }
}
