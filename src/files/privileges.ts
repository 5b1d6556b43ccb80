/** What files of a result may be beyond content: a builder that is not trusted makes no setuid program on this machine. */
import { FileError } from "../errors.ts";
import { MODE_SETGID, MODE_SETUID, toUnixPermissions } from "./mode.ts";
import { quoted } from "../rpc/refusal.ts";
import type { OnRefused } from "./receive.ts";

/** Decides what is kept of an entry. */
export interface Privileges {
  /** The permission bits that the entry gets, of Go's mode bits. */
  permissions(mode: number): number;
  /** Throws a `FileError` if there may be no devices. */
  checkDevice(path: string): void;
}

const HOW = "privileged: true (-o type=local,privileged=true) allows it";

/** Those of an export into the folder `destination`. */
export function privilegesOf(
  destination: string,
  { privileged = false, onRefused = () => {} }: { privileged?: boolean; onRefused?: OnRefused },
): Privileges {
  if (privileged) return { permissions: toUnixPermissions, checkDevice: () => {} };
  return {
    permissions(mode) {
      const kept = mode & ~(MODE_SETUID | MODE_SETGID);
      if (kept !== (mode | 0)) {
        onRefused(
          `set-user-ID and set-group-ID bits in the output ${quoted(destination)}`,
          `files are written without them; ${HOW}`,
        );
      }
      return toUnixPermissions(kept);
    },
    checkDevice(path) {
      const asked = `the device ${quoted(path)} in the output ${quoted(destination)}`;
      onRefused(asked, HOW);
      throw new FileError(
        "FILE_UNWRITABLE",
        path,
        `Refused to make ${asked}. Leave it out of the result, export with type "tar", or, if you trust the builder, ` +
          `set privileged: true (-o type=local,privileged=true)`,
      );
    },
  };
}
