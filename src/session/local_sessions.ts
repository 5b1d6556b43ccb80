/**
 * Sessions beside a build's own, each for folders of which the build has others under the same names: frontends know the
 * names `context` and `dockerfile` alone, but can be told in which session to look for each (`local-sessionid:`,
 * frontend/dockerui/config.go). An id with a prefix for the names would do with one session, but daemons since v0.34 put it
 * before the names once more each time that they look at a source (solver/llbsolver/policy.go).
 */
import type { FileTree } from "../files/tree.ts";
import type { AccessLog } from "./access_log.ts";
import { fileSyncHandlers } from "./file_sync.ts";
import type { Handler } from "../rpc/call.ts";
import type { Session, SessionOptions } from "./session.ts";
import type { TransferLog } from "./transfer_log.ts";

/** Failures that are kept: a daemon may call without end. */
const MOST_FAILURES = 1_000;

/** Folders with names of their own. */
export interface LocalFolders {
  readonly trees: ReadonlyMap<string, FileTree>;
  /** See {@linkcode SessionOptions.sharedKey}. */
  readonly sharedKey: string;
  /** Stands before the names in what is told of transfers. */
  readonly label: string;
}

/** Folders that are served. */
export interface ServedFolders {
  /** What tells a frontend where they are. */
  readonly attrs: Readonly<Record<string, string>>;
  /** Whether anybody has asked for them. Frontends before BuildKit v0.16 do not, and take those of the build. */
  wasAsked(): boolean;
}

/** Opens a session on the build's connection. */
export type OpenSession = (
  options: Pick<SessionOptions, "handlers" | "sharedKey" | "onFailure">,
) => Promise<Session>;

/** The sessions of one build. */
export class LocalSessions {
  /** Errors of this side that made a call of the daemon fail. */
  readonly failures: unknown[] = [];
  readonly #access: AccessLog;
  readonly #open: OpenSession;
  readonly #log: TransferLog;
  readonly #beforeFiles: () => void;
  readonly #sessions: Promise<Session>[] = [];

  /** `beforeFiles` may throw to refuse the daemon all files. */
  constructor(
    open: OpenSession,
    log: TransferLog,
    access: AccessLog,
    beforeFiles: () => void = () => {},
  ) {
    this.#open = open;
    this.#log = log;
    this.#access = access;
    this.#beforeFiles = beforeFiles;
  }

  /** Notes that a call of the daemon failed; see {@linkcode SessionOptions.onFailure}. */
  readonly onFailure = (path: string, error: unknown): void => {
    if (this.failures.length < MOST_FAILURES) this.failures.push(error);
    this.#access.failed(path, error);
  };

  /** Serves folders. */
  async serve({ trees, sharedKey, label }: LocalFolders): Promise<ServedFolders> {
    let asked = trees.size === 0;
    const serve = fileSyncHandlers(trees, {
      addFile: (name, file) => this.#log.addFile(`${label}/${name}`, file),
      addEntries: (name, entries) => this.#log.addEntries(`${label}/${name}`, entries),
    });
    const noted = Object.entries(serve).map(([path, handle]): [string, Handler] => [
      path,
      async (call) => {
        asked = true;
        this.#beforeFiles();
        await handle(call);
      },
    ]);
    const opening = this.#open({
      handlers: Object.fromEntries(noted),
      sharedKey,
      onFailure: this.onFailure,
    });
    this.#sessions.push(opening);
    const { id } = await opening;
    const attrs = Array.from(trees.keys(), (name) => [`local-sessionid:${name}`, id]);
    return { attrs: Object.fromEntries(attrs), wasAsked: () => asked };
  }

  /** Closes all sessions. Idempotent. */
  async close(): Promise<void> {
    for (const opened of await Promise.allSettled(this.#sessions)) {
      if (opened.status === "fulfilled") await opened.value.close();
    }
  }
}
