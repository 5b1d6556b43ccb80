/** A command's work on the builder that its flags choose. */
import { type Builder, chooseBuilder } from "../builder.ts";
import type { BuildKitClient } from "../client.ts";
import { NoBuilderError } from "../errors.ts";
import type { ConnectionChoice } from "./connection_flags.ts";
import { interruptible } from "./interrupt.ts";
import type { Io } from "./io.ts";
import { cliLogger } from "./logger.ts";
import { DEFAULT_TIMEOUT_MS } from "./reach_builder.ts";

/** Work on a builder; the signal fires when the command is interrupted. */
export type ClientWork<T> = (client: BuildKitClient, signal: AbortSignal) => Promise<T>;

/**
 * Does `work` on the chosen builder once it answers, and closes the connection. Throws a `ConnectionError` if it does not
 * answer, and a `NoBuilderError` if it is no BuildKit.
 */
export function withClient<T>(choice: ConnectionChoice, io: Io, work: ClientWork<T>): Promise<T> {
  const { wait, timeoutMs = DEFAULT_TIMEOUT_MS } = choice;
  return withUntriedClient(choice, io, async (client, signal) => {
    if (wait) await client.waitForReady({ timeoutMs, signal });
    else await client.ping({ timeoutMs, signal });
    return await work(client, signal);
  });
}

/** Like {@linkcode withClient}, without a look whether the builder answers. */
export function withUntriedClient<T>(
  choice: ConnectionChoice,
  io: Io,
  work: ClientWork<T>,
): Promise<T> {
  return interruptible(io, async (signal) => {
    const logger = cliLogger(io, choice.debug);
    const builder = await chooseBuilder({ ...choice, signal, logger, env: io.env });
    try {
      return await work(clientOf(builder), signal);
    } finally {
      await builder.close();
    }
  });
}

function clientOf(builder: Builder): BuildKitClient {
  if (builder.kind !== "classic") return builder.client;
  throw new NoBuilderError(
    `There is no BuildKit: builds go to the classic builder of the Docker engine at ${builder.address}, chosen by ${builder.from}. ` +
      "It has no cache records and no build history to be asked for",
  );
}
