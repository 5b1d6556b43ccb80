/** `--ssh`, in buildctl's grammar, which is buildx's and `raw`. */
import { statSync } from "node:fs";
import type { SshSource } from "../types.ts";
import { cutPair } from "./key_value_flag.ts";
import { parseBool } from "./parse_bool.ts";
import { UsageError } from "./usage_error.ts";

const EXAMPLE = "Write --ssh default, --ssh ID=SOCKET or --ssh ID=KEY,KEY";

/** Pipes of Windows, which no stat knows. */
const NAMED_PIPE_REGEXP = /^\\\\[.?]\\pipe\\/i;

/**
 * The sources of `--ssh default|ID[=SOCKET|KEY[,KEY]][,raw=true]`; a later one replaces an earlier one of the same id. Without
 * a path, it is the agent of SSH_AUTH_SOCK. Throws a `UsageError`.
 */
export function parseSsh(items: readonly string[]): Record<string, SshSource> {
  return Object.fromEntries(items.filter((item) => item !== "").map(parseItem));
}

function parseItem(item: string): [id: string, source: SshSource] {
  const { key, value } = cutPair(item);
  const id = key === "" ? "default" : key;
  let raw = false;
  const paths: string[] = [];
  for (const field of value?.split(",") ?? []) {
    const option = cutPair(field);
    if (option.key === "raw" && option.value !== undefined) raw = rawValue(item, option.value);
    else if (field !== "") paths.push(field);
  }
  return [id, source(item, paths, raw)];
}

function source(item: string, paths: string[], raw: boolean): SshSource {
  const [socket] = paths;
  if (raw) {
    if (socket !== undefined && paths.length === 1) return { socket, raw };
    throw new UsageError(
      `--ssh "${item}": raw needs just one socket`,
      "Write --ssh ID=SOCKET,raw=true",
    );
  }
  if (socket === undefined) return {};
  if (!paths.some(isSocket)) return { keys: paths };
  if (paths.length === 1) return { agent: socket };
  throw new UsageError(
    `--ssh "${item}" names a socket and more; it is one socket or keys`,
    EXAMPLE,
  );
}

function rawValue(item: string, value: string): boolean {
  const on = parseBool(value);
  if (on === undefined) {
    throw new UsageError(`--ssh "${item}": raw is true or false, not "${value}"`);
  }
  return on;
}

/** What is not there counts as a key's file, and is refused as such later. */
function isSocket(path: string): boolean {
  return NAMED_PIPE_REGEXP.test(path) ||
    (statSync(path, { throwIfNoEntry: false })?.isSocket() ?? false);
}
