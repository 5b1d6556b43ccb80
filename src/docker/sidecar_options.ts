/** What a sidecar can be told, and what is made of it. */
import { randomBytes } from "node:crypto";
import { OptionError } from "../errors.ts";
import { normalizeReference } from "../frontend/reference.ts";
import type { Logger } from "../types.ts";
import { configFiles, type SidecarConfig } from "./sidecar_config.ts";

/** The BuildKit release that sidecars are of. */
export const BUILDKIT_VERSION = "v0.34.2";

/** The port that a sidecar serves on its network. */
export const SIDECAR_PORT = 1234;

const NAME_REGEXP = /^[a-zA-Z0-9][\w.-]+$/;
const READY_TIMEOUT_MS = 10_000;

/** Options of {@linkcode startSidecar}. */
export interface SidecarOptions extends SidecarConfig {
  /**
   * Image of the daemon.
   *
   * @default moby/buildkit in the release that this package was tested with; its rootless variant with `rootless`
   */
  image?: string;
  /** Name of the container. @default a new one that begins with `moat-buildkit-` */
  name?: string;
  /** The network to be on; made if missing. @default one of its own, with the container's name */
  network?: string;
  /** The host name on that network. @default "buildkit" */
  alias?: string;
  /** Run without root in the container, instead of privileged. @default false */
  rootless?: boolean;
  /** Name of a volume for the builder's cache, to be kept for the next time. @default one that is removed with the sidecar */
  state?: string;
  /** Serve on a TCP port of the engine's host: `true` is a free port of 127.0.0.1. Nobody has to log in. @default false */
  publish?: boolean | number | { host?: string; port?: number };
  /** Environment of the daemon, for example its proxies. */
  env?: Readonly<Record<string, string>>;
  /** More arguments for buildkitd. */
  args?: readonly string[];
  /** Milliseconds to wait for its first answer. Pulling the image is not part of it. @default 10000 */
  readyTimeoutMs?: number;
  /**
   * Leave it running until somebody removes it; one of that name that is there already is used, as it is.
   * @default false: it goes with this process
   */
  keep?: boolean;
  /** The docker context of the engine. @default the engine that builds would use */
  context?: string;
  /** Gets one line for each thing that is done. @default none */
  logger?: Logger;
  /** Gives up the start, and rejects with its reason. */
  signal?: AbortSignal;
}

/** Options with everything filled in. */
export interface SidecarPlan {
  readonly image: string;
  readonly name: string;
  readonly network: string;
  readonly alias: string;
  readonly rootless: boolean;
  readonly volume: string;
  /** Whether the volume stays when the sidecar goes. */
  readonly keepsVolume: boolean;
  readonly publish: { readonly host: string; readonly port: number } | undefined;
  readonly env: Readonly<Record<string, string>>;
  readonly args: readonly string[];
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly readyTimeoutMs: number;
  readonly keep: boolean;
  readonly context: string | undefined;
}

/**
 * Fills in the defaults.
 *
 * @throws {OptionError} if an option can't be used
 */
export function planSidecar(options: SidecarOptions): SidecarPlan {
  const { rootless = false, readyTimeoutMs = READY_TIMEOUT_MS } = options;
  const name = options.name ?? `moat-buildkit-${randomBytes(4).toString("hex")}`;
  for (const [option, value] of Object.entries({ name, ...names(options) })) {
    if (NAME_REGEXP.test(value)) continue;
    throw new OptionError(option, `"${value}" can't be a name for Docker`, "moat-buildkit");
  }
  if (!(readyTimeoutMs > 0)) {
    throw new OptionError("readyTimeoutMs", `${readyTimeoutMs} is not a time`, "10000");
  }
  const image = options.image ?? `moby/buildkit:${BUILDKIT_VERSION}${rootless ? "-rootless" : ""}`;
  normalizeReference(image, "image");
  return {
    ...{ image, name, rootless, readyTimeoutMs },
    network: options.network ?? name,
    alias: options.alias ?? "buildkit",
    volume: options.state ?? name,
    keepsVolume: options.state !== undefined,
    publish: publication(options.publish),
    env: options.env ?? {},
    args: options.args ?? [],
    files: configFiles(options),
    keep: options.keep ?? false,
    context: options.context,
  };
}

function names({ network, alias, state }: SidecarOptions): Record<string, string> {
  return {
    ...(network !== undefined && { network }),
    ...(alias !== undefined && { alias }),
    ...(state !== undefined && { state }),
  };
}

function publication(publish: SidecarOptions["publish"]): SidecarPlan["publish"] {
  if (publish === undefined || publish === false) return undefined;
  const { host = "127.0.0.1", port = 0 } = typeof publish === "object"
    ? publish
    : publish === true
    ? {}
    : { port: publish };
  if (Number.isInteger(port) && port >= 0 && port <= 65535) return { host, port };
  throw new OptionError("publish", `${port} is not a port`, "1234");
}
