import { chooseBuilder } from "../builder.ts";
import type { DaemonInfo } from "../control/info.ts";
import { NoBuilderError } from "../errors.ts";
import type { Logger } from "../types.ts";
import type { ConnectionChoice } from "./connection_flags.ts";

/** How long a builder is tried, in milliseconds, as buildctl. */
export const DEFAULT_TIMEOUT_MS = 5_000;

/** What answered, and where. */
export interface ReachedBuilder extends DaemonInfo {
  readonly address: string;
}

/** Asks the chosen builder who it is, with `--wait` again and again until the timeout. Throws a `ConnectionError`. */
export async function reachBuilder(
  choice: Pick<ConnectionChoice, "address" | "tls" | "wait" | "timeoutMs">,
  { signal, logger }: { signal: AbortSignal; logger?: Logger | undefined },
): Promise<ReachedBuilder> {
  const { wait, timeoutMs = DEFAULT_TIMEOUT_MS } = choice;
  const builder = await chooseBuilder({ ...choice, signal, logger });
  try {
    const { address } = builder;
    if (builder.kind === "classic") {
      throw new NoBuilderError(
        `There is no BuildKit: builds go to the classic builder of the Docker engine at ${address}, chosen by ${builder.from}`,
      );
    }
    const info = wait
      ? await builder.client.waitForReady({ timeoutMs, signal })
      : await builder.client.ping({ timeoutMs, signal });
    return { address, ...info };
  } finally {
    await builder.close();
  }
}
