/** Which folders of this machine the options name. */
import type { BuildOptions, ContextSource, NamedContext } from "../types.ts";
import { isVirtual } from "./local_source.ts";
import { look } from "./look.ts";
import { parseRemote } from "./remote.ts";
import { absolutePath } from "../files/runtime.ts";
import { pathOf } from "../outputs.ts";
import { native as path } from "../runtime/path.ts";

/** Full paths of the folders of a build. */
export interface LocalFolders {
  /** The main context's, or the first of its folders; undefined where it has none. */
  readonly context: string | undefined;
  /** The Dockerfile; undefined if it is not a file of this machine. */
  readonly dockerfile: string | undefined;
}

/**
 * Finds the folders without opening them.
 *
 * @throws {OptionError} for URLs that can't be a context
 */
export function localFolders({ context, dockerfile }: BuildOptions): LocalFolders {
  const given = context ?? (typeof dockerfile === "string" ? {} : ".");
  const folders = [given].flat().map((source) => localFolder(source, "context"));
  const folder = folders.find((folder) => folder !== undefined);
  if (typeof dockerfile === "string") return { context: folder, dockerfile: undefined };
  if (dockerfile === undefined) {
    return { context: folder, dockerfile: folder && path.join(folder, "Dockerfile") };
  }
  const file = absolutePath(pathOf(dockerfile.path, "dockerfile.path"));
  return {
    context: folder,
    dockerfile: look(file, "dockerfile.path")?.isFile ? file : undefined,
  };
}

/** The full path of a context that is a folder; undefined for every other. */
export function localFolder(
  source: ContextSource | NamedContext | ReadableStream,
  option: string,
): string | undefined {
  if (isVirtual(source as ContextSource)) return undefined;
  const text = source as string | URL;
  if (/^(docker-image|oci-layout):\/\//.test(String(text))) return undefined;
  return parseRemote(text, option) === undefined ? absolutePath(pathOf(text, option)) : undefined;
}
