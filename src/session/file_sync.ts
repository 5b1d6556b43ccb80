/** The service through which the daemon reads the build's folders (session/filesync/filesync.go). */
import type { FileTree } from "../files/tree.ts";
import { type TreeFilter, walkTree } from "../files/filter.ts";
import { sendTree } from "../files/send.ts";
import { FileSync } from "../gen/filesync.ts";
import type { Handlers, ServerCall } from "../rpc/call.ts";
import type { Metadata } from "../rpc/metadata.ts";
import { quoted, Refusal } from "../rpc/refusal.ts";
import { StatusCode } from "../rpc/status.ts";
import type { TransferLog } from "./transfer_log.ts";

/**
 * Serves the given trees by their local names (`context`, `dockerfile`, ...) and nothing else; `log` is told what the
 * daemon asked for.
 */
export function fileSyncHandlers(
  trees: ReadonlyMap<string, FileTree>,
  log?: Pick<TransferLog, "addFile" | "addEntries">,
): Handlers {
  return {
    [FileSync.diffCopy.path]: async (call: ServerCall) => {
      const name = values(call.metadata, "dir-name")[0] ?? "";
      const tree = trees.get(name);
      if (tree === undefined) {
        const text = `no access allowed to dir "${name}"`;
        throw new Refusal(StatusCode.NOT_FOUND, `the folder ${quoted(name)}`, text);
      }
      const entries = walkTree(tree, requestedFilter(call.metadata));
      const onFile = (file: { path: string; size: number }) => log?.addFile(name, file);
      const { entries: listed } = await sendTree(call, entries, tree, { onFile });
      log?.addEntries(name, listed);
    },
  };
}

function requestedFilter(metadata: Metadata): TreeFilter {
  return {
    includePatterns: values(metadata, "include-patterns"),
    excludePatterns: values(metadata, "exclude-patterns"),
    followPaths: values(metadata, "followpaths"),
  };
}

/** The values of a key, form-url-decoded if its companion header says that they are encoded. */
function values(metadata: Metadata, key: string): string[] {
  const raw = metadata.getAll(key);
  return isTrue(metadata.get(`${key}-encoded`)) ? raw.map(queryUnescape) : raw;
}

function isTrue(value: string | undefined): boolean {
  return value !== undefined && /^(1|t|true)$/i.test(value);
}

function queryUnescape(text: string): string {
  return decodeURIComponent(text.replaceAll("+", " "));
}
