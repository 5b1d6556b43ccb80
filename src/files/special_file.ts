import { spawnSync } from "node:child_process";
import { FileError } from "../errors.ts";

/** A device or a named pipe. */
export type SpecialFile =
  | { readonly type: "pipe" }
  | { readonly type: "block" | "char"; readonly major: number; readonly minor: number };

/** The letters of mknod(1). */
const LETTERS = { pipe: "p", block: "b", char: "c" } as const;

/** Where systems keep `mknod`; the caller's PATH is not needed, nor the permission to read it. */
const PATH = "/usr/sbin:/usr/bin:/sbin:/bin";

/**
 * Makes a device or a named pipe with the system's `mknod` command, since no JavaScript runtime has a call for it. Devices
 * need a privileged user, under Deno it takes `--allow-run=mknod` and `--allow-env=NODE_V8_COVERAGE`. Of `permissions` only
 * the lower nine bits are used, others mean nothing to them. Throws a `FileError` about `name` if it cannot be done.
 */
export function makeSpecialFile(
  path: string,
  special: SpecialFile,
  permissions: number,
  name: string,
): void {
  const mode = (permissions & 0o777).toString(8).padStart(4, "0");
  const numbers = special.type === "pipe" ? [] : [String(special.major), String(special.minor)];
  const failure = run("mknod", ["-m", mode, path, LETTERS[special.type], ...numbers]);
  if (failure === undefined) return;
  const what = special.type === "pipe" ? "named pipe" : `${special.type} device`;
  throw new FileError(
    "FILE_UNWRITABLE",
    name,
    `Cannot make the ${what} ${name}: ${failure.reason}. ` +
      `Leave it out of the result, or export with type "tar", which needs no privilege`,
    failure.cause,
  );
}

function run(command: string, args: string[]): { reason: string; cause?: unknown } | undefined {
  try {
    const { status, stderr, error } = spawnSync(command, args, {
      encoding: "utf8",
      env: { PATH },
    });
    if (error !== undefined) return { reason: error.message, cause: error };
    return status === 0 ? undefined : { reason: stderr.trim() || `${command} failed` };
  } catch (error) {
    // Deno throws, and does not return, the refusal to run commands.
    return { reason: error instanceof Error ? error.message : String(error), cause: error };
  }
}
