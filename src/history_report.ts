/** The report of a build that is over, whoever ran it, from the daemon's history. */
import type { BuildKitClient } from "./client.ts";
import type { CallOptions } from "./rpc/channel.ts";

/**
 * An HTML page about a build that is over, as {@linkcode BuildOptions.report} writes them; what was sent is not on record.
 * `ref` is its id, the beginning of one, or its place (`^0` is the newest).
 *
 * @throws {OptionError} if the daemon has no record of it: a build that still runs has none yet, and old ones are removed
 * @throws {UnsupportedError} if the daemon keeps no history
 */
export async function historyReport(
  client: BuildKitClient,
  ref: string,
  options: CallOptions = {},
): Promise<string> {
  const { historyPage } = await import("./history_page.ts");
  return await historyPage(client, ref, options);
}
