/** What a build serves on its session: all that the daemon may call back for. */
import type { Exports } from "./exports.ts";
import type { FileTree } from "./files/tree.ts";
import type { BuildPart } from "./parts/part.ts";
import type { CredentialStore } from "./registry/credentials.ts";
import type { RegistryTls } from "./registry/http_request.ts";
import type { Handler, Handlers } from "./rpc/call.ts";
import { authHandlers } from "./session/auth.ts";
import { fileSyncHandlers } from "./session/file_sync.ts";
import type { TransferLog } from "./session/transfer_log.ts";
import type { Logger } from "./types.ts";

/** What the handlers serve. */
export interface Callbacks {
  /** The folders that the daemon may read, by their local names. */
  readonly trees: ReadonlyMap<string, FileTree>;
  /** Counts what it asks for. */
  readonly transfers?: TransferLog | undefined;
  readonly exports: Exports;
  readonly logins: CredentialStore;
  /** TLS to token services. */
  readonly tls: ReadonlyMap<string, RegistryTls> | undefined;
  readonly logger: Logger | undefined;
  /** What the options add. */
  readonly part: BuildPart;
}

/** The session's methods. */
export async function callbacks(
  { trees, transfers, exports, logins, tls, logger, part }: Callbacks,
): Promise<Handlers> {
  return {
    ...after(() => part.beforeFiles?.(), fileSyncHandlers(trees, transfers)),
    ...exports.handlers(),
    ...authHandlers(logins, { tls, logger }),
    ...await storeHandlers(new Map([...part.stores ?? [], ...exports.stores ?? []])),
    ...part.handlers,
  };
}

/** Handlers that first call `check`. */
function after(check: () => void, handlers: Handlers): Handlers {
  const checked = Object.entries(handlers).map(([path, handle]): [string, Handler] => [
    path,
    async (call) => {
      check();
      await handle(call);
    },
  ]);
  return Object.fromEntries(checked);
}

async function storeHandlers(stores: NonNullable<BuildPart["stores"]>): Promise<Handlers> {
  if (stores.size === 0) return {};
  const { contentHandlers } = await import("./session/content.ts");
  return contentHandlers(stores);
}
