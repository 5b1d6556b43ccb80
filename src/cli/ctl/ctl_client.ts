/** The client that buildctl's global flags ask for. */
import process from "node:process";
import type { BuildKitClient } from "../../client.ts";
import { connect } from "../../connect.ts";
import type { TlsOptions } from "../../types.ts";
import { tlsFolder } from "../connection_flags.ts";
import { interruptible } from "../interrupt.ts";
import type { Io } from "../io.ts";
import { UsageError } from "../usage_error.ts";
import { numberValue } from "./ctl_flags.ts";
import type { GlobalFlags } from "./global_flags.ts";

const DEFAULT_TIMEOUT_S = 5;
/** The longest that timers can be set for. */
const FOREVER_MS = 2 ** 31 - 1;

/** Where buildctl looks without an address (util/appdefaults). */
const DEFAULT_ADDRESS = process.platform === "linux"
  ? "unix:///run/buildkit/buildkitd.sock"
  : "unix:///var/run/buildkit/buildkitd.sock";

/** Does `work` with a client of the builder that the flags name, and closes it. Throws a `UsageError`. */
export async function withClient<T>(
  flags: GlobalFlags,
  io: Io,
  work: (client: BuildKitClient, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  checkLogFormat(flags["log-format"]);
  const timeoutMs = dialTimeoutMs(flags);
  const tls = tlsOptions(flags);
  const client = connect(flags.addr || io.env("BUILDKIT_HOST") || DEFAULT_ADDRESS, tls && { tls });
  try {
    return await interruptible(io, async (signal) => {
      if (flags.wait) {
        await client.waitForReady({ timeoutMs, signal });
      }
      return await work(client, signal);
    });
  } finally {
    await client.close();
  }
}

/** How long reaching the builder may take, in milliseconds. Throws a `UsageError`. */
export function dialTimeoutMs({ timeout }: Pick<GlobalFlags, "timeout">): number {
  const seconds = numberValue("timeout", timeout, DEFAULT_TIMEOUT_S);
  return seconds > 0 ? seconds * 1000 : FOREVER_MS;
}

function checkLogFormat(format: string | undefined): void {
  if (format === undefined || ["", "json", "text"].includes(format)) return;
  throw new UsageError(`unsupported log type "${format}"`);
}

/** TLS is on where there is a certificate; a server's name alone turns nothing on. */
function tlsOptions(flags: GlobalFlags): TlsOptions | undefined {
  const { tlscacert: ca, tlscert: cert, tlskey: key, tlsservername: serverName, tlsdir } = flags;
  if (tlsdir && (ca || cert || key)) {
    throw new UsageError(
      "cannot specify tlsdir and tlscacert/tlscert/tlskey at the same time",
    );
  }
  const files = tlsdir ? tlsFolder(tlsdir) : {
    ...(ca && { ca }),
    ...(cert && { cert }),
    ...(key && { key }),
  };
  if (Object.keys(files).length === 0) return undefined;
  return { ...files, ...(serverName && { serverName }) };
}
