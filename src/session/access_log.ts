/** What the daemon asked for that not every build gives: one line and one event each. */
import { FileError, ProtocolError } from "../errors.ts";
import { FileSend } from "../gen/filesync.ts";
import { quoted, Refusal } from "../rpc/refusal.ts";
import type { AccessEvent, Logger } from "../types.ts";

/** Lines that are told at most: who asks without end must not fill the user's log. */
const MOST = 100;

/** Tells of what was granted and refused; what repeats, once. */
export class AccessLog {
  readonly #logger: Logger | undefined;
  readonly #onAccess: (event: AccessEvent) => void;
  readonly #told = new Set<string>();

  constructor(logger?: Logger, onAccess: (event: AccessEvent) => void = () => {}) {
    this.#logger = logger;
    this.#onAccess = onAccess;
  }

  /** The daemon was given something; `asked` completes "the builder was given". */
  granted(asked: string): void {
    if (!this.#isNews(`+${asked}`)) return;
    this.#logger?.debug?.(`the builder was given ${asked}`);
    this.#onAccess({ type: "access", state: "granted", asked });
  }

  /** A call of the daemon failed; tells of it if that was because it asked for what it may not have. */
  failed(path: string, error: unknown): void {
    if (error instanceof Refusal) this.refused(error.asked);
    else if (isViolation(path, error)) {
      this.refused(`${quoted(path)} in a wrong way`, error.message);
    }
  }

  /** The daemon was not given something; `asked` completes "the builder asked for". */
  refused(asked: string, why?: string): void {
    if (!this.#isNews(`-${asked}`)) return;
    const reason = why === undefined ? "" : ` (${why})`;
    this.#logger?.warn?.(`the builder asked for ${asked}: refused${reason}`);
    this.#onAccess({ type: "access", state: "refused", asked });
  }

  #isNews(key: string): boolean {
    if (this.#told.has(key) || this.#told.size >= MOST) return false;
    this.#told.add(key);
    if (this.#told.size === MOST) {
      this.#logger?.warn?.(
        `the builder asks for more and more: what it is given or refused from now on is not listed`,
      );
    }
    return true;
  }
}

/** Whether it was the daemon's doing: names that lead out, messages that can't be. */
function isViolation(path: string, error: unknown): error is Error {
  return error instanceof ProtocolError || error instanceof FileError &&
      (error.code === "PATH_ESCAPE" ||
        // In what is read here, a name is the user's.
        error.code === "FILE_NAME_UNSUPPORTED" && path === FileSend.diffCopy.path);
}
