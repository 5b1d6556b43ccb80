/**
 * Folders that several builds read through one session, so that the daemon takes them once: a folder of one session is one
 * source to it, whichever build it is for (source/local/source.go).
 *
 * A build shares only with those that were asked for before the daemon began to read: what it reads is then as new as the
 * youngest of them. Whoever comes later gets a session of its own, in which changed files are seen. And one that is alone when
 * it begins stays so, for a second session would be half of what a small build asks of the daemon.
 */
import type { FileTree } from "../files/tree.ts";
import { fileSyncHandlers } from "./file_sync.ts";
import type { OpenSession } from "./local_sessions.ts";
import type { Session } from "./session.ts";
import type { TransferLog } from "./transfer_log.ts";

/** What a member serves, and who is told. */
export interface SharedFolder {
  readonly tree: FileTree;
  /** The local names under which frontends look for it. */
  readonly names: readonly string[];
  /** See {@linkcode SessionOptions.sharedKey}. */
  readonly sharedKey: string;
  /** Counts what is read, in the log of the first member alone. */
  readonly log: TransferLog;
  /** Told of errors of this side that make the daemon's calls fail; each member is. */
  readonly onFailure: (path: string, error: unknown) => void;
  readonly open: OpenSession;
}

/** A build's place among those that read a folder. */
export class FolderMember {
  readonly #group: Group;
  #left: Promise<void> | undefined;

  /** @ignore */
  constructor(group: Group) {
    this.#group = group;
    group.members++;
  }

  /**
   * Serves the folder, unless another member does, and returns the attributes that tell a frontend where it is; none where there
   * is nobody to share it with.
   */
  async serve(folder: SharedFolder): Promise<Record<string, string>> {
    const group = this.#group;
    if (group.members === 1 && group.session === undefined) {
      group.closed = true;
      return {};
    }
    group.onFailure.push(folder.onFailure);
    const { id } = await (group.session ??= openFor(folder, group));
    return Object.fromEntries(folder.names.map((name) => [`local-sessionid:${name}`, id]));
  }

  /** The build is over. The last one closes the session. Idempotent. */
  leave(): Promise<void> {
    return this.#left ??= this.#leave();
  }

  async #leave(): Promise<void> {
    const group = this.#group;
    group.members--;
    if (group.members > 0) return;
    group.closed = true;
    const session = await group.session?.catch(() => undefined);
    await session?.close();
  }
}

/** Builds that were asked for together. */
interface Group {
  members: number;
  /** Whether nobody may join any more. */
  closed: boolean;
  session: Promise<Session> | undefined;
  readonly onFailure: SharedFolder["onFailure"][];
}

/** All folders of one builder. */
export class SharedFolders {
  readonly #groups = new Map<string, Group>();

  /** Joins those that read the same folder. Whoever joins must leave. */
  join(key: string): FolderMember {
    let group = this.#groups.get(key);
    if (group === undefined || group.closed) {
      group = { members: 0, closed: false, session: undefined, onFailure: [] };
      this.#groups.set(key, group);
    }
    return new FolderMember(group);
  }
}

async function openFor(
  { tree, names, sharedKey, log, open }: SharedFolder,
  group: Group,
): Promise<Session> {
  const serve = fileSyncHandlers(new Map(names.map((name) => [name, tree])), log);
  const handlers = Object.entries(serve).map(([path, handle]): [string, typeof handle] => [
    path,
    (call) => {
      group.closed = true;
      return handle(call);
    },
  ]);
  return await open({
    handlers: Object.fromEntries(handlers),
    sharedKey,
    onFailure: (path, error) => group.onFailure.forEach((tell) => tell(path, error)),
  });
}
