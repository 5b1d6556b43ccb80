/** From the `dockerfile` option to the folder in which the daemon finds the Dockerfile and its ignore file. */
import { OptionError } from "../errors.ts";
import { openDirectory } from "../files/directory.ts";
import { isRegular } from "../files/mode.ts";
import { overlayTrees } from "../files/overlay.ts";
import { absolutePath } from "../files/runtime.ts";
import type { FileTree } from "../files/tree.ts";
import { virtualTree } from "../files/virtual.ts";
import { resolveVirtualFiles } from "../files/virtual_files.ts";
import { refuseUnknown, show } from "../options.ts";
import { readWhole } from "../runtime/paths.ts";
import { pathOf } from "../outputs.ts";
import type { BuildOptions, ContextSource, VirtualFiles } from "../types.ts";
import { foldersOf, isPlainObject, isVirtual } from "./local_source.ts";
import { look } from "./look.ts";
import { native as path, posix } from "../runtime/path.ts";

/** Where a Dockerfile is. */
export interface DockerfilePlace {
  /** Undefined for a place within a context that this machine does not hold. */
  readonly tree: FileTree | undefined;
  /** Its name there. */
  readonly filename: string;
}

/** What it is called unless the options say otherwise. */
export const DEFAULT_NAME = "Dockerfile";

/**
 * Finds the Dockerfile of a local context.
 *
 * @throws {OptionError} if there is none
 */
export async function openDockerfile(
  dockerfile: BuildOptions["dockerfile"],
  sources: readonly ContextSource[],
  context: FileTree,
): Promise<DockerfilePlace & { tree: FileTree }> {
  if (dockerfile === undefined) {
    const filename = [DEFAULT_NAME, "dockerfile"].find((name) => context.stat(name) !== undefined);
    if (filename !== undefined) {
      return { tree: await withContent(filename, context, sources), filename };
    }
    throw new OptionError(
      "dockerfile",
      `there is no ${DEFAULT_NAME} in ${context.label}`,
      '{ path: "deploy/Dockerfile" }, or its content',
    );
  }
  if (typeof dockerfile === "string") return await openContent(dockerfile);
  const file = pathIn(dockerfile);
  const name = posix.normalize(file);
  if (sources.some((source) => isVirtual(source) && hasFile(source, name))) {
    return { tree: context, filename: name };
  }
  return await openDockerfileAt(absolutePath(file), sources);
}

/**
 * The same for a context that only the builder reads: a relative path is a path in it.
 *
 * @throws {OptionError} if the option can't be used
 */
export async function openDockerfileBeside(
  dockerfile: BuildOptions["dockerfile"],
): Promise<DockerfilePlace> {
  if (dockerfile === undefined) return { tree: undefined, filename: DEFAULT_NAME };
  if (typeof dockerfile === "string") return await openContent(dockerfile);
  const file = pathIn(dockerfile);
  if (path.isAbsolute(file)) return await openDockerfileAt(file, []);
  const filename = posix.normalize(file);
  if (!/^\.\.(\/|$)/.test(filename)) return { tree: undefined, filename };
  throw new OptionError(
    "dockerfile.path",
    `"${file}" is not in the context; for a file of this machine give its full path`,
    '"/home/me/Dockerfile"',
  );
}

/**
 * The context with its Dockerfile as it is now in memory. The daemon asks for that one file in every build; where nothing else
 * has changed it is the only one, and nothing has to be opened for it.
 */
async function withContent(
  name: string,
  context: FileTree,
  sources: readonly ContextSource[],
): Promise<FileTree> {
  const [folder, ...others] = foldersOf(sources);
  const stat = context.stat(name);
  const plain = sources.length === 1 && stat !== undefined && isRegular(stat.mode);
  if (folder === undefined || others.length > 0 || !plain) return context;
  const content = readWhole(path.join(folder, name));
  return overlayTrees(context, await virtualFiles({ [name]: content }, "dockerfile"));
}

async function openContent(content: string): Promise<DockerfilePlace & { tree: FileTree }> {
  checkContent(content);
  const tree = await virtualFiles({ [DEFAULT_NAME]: content }, "dockerfile");
  return { tree, filename: DEFAULT_NAME };
}

function pathIn(dockerfile: { path: string | URL }): string {
  if (!isPlainObject(dockerfile)) {
    throw new OptionError("dockerfile", `${show(dockerfile)} is neither content nor { path }`);
  }
  refuseUnknown(dockerfile, ["path"], "dockerfile");
  return pathOf(dockerfile.path, "dockerfile.path");
}

/** A path given where the content belongs is the likeliest mistake, and the daemon's words for it are no help. */
function checkContent(content: string): void {
  if (/\s/.test(content.trim())) return;
  if (content.trim() === "") throw new OptionError("dockerfile", "it is empty", '"FROM scratch"');
  throw new OptionError(
    "dockerfile",
    `"${content}" is not a Dockerfile's content`,
    `{ path: "${content}" }`,
  );
}

/**
 * The folder of a Dockerfile, with it and its ignore file as they are now in memory: the daemon keeps one copy of these
 * folders for each context, and would take a file of another folder that has the same name, size and time for this one.
 */
async function openDockerfileAt(
  file: string,
  sources: readonly ContextSource[],
): Promise<DockerfilePlace & { tree: FileTree }> {
  const option = "dockerfile.path";
  const found = look(file, option);
  if (found === undefined) {
    throw new OptionError(option, `there is no file "${file}"`, suggestion(file, sources));
  }
  if (!found.isFile) throw new OptionError(option, `"${file}" is not a file`);
  const filename = path.basename(file);
  const ignore = `${file}.dockerignore`;
  const files = await virtualFiles({
    [filename]: readWhole(file),
    ...(look(ignore, option)?.isFile && { [path.basename(ignore)]: readWhole(ignore) }),
  }, option);
  return { tree: overlayTrees(openDirectory(path.dirname(file)), files), filename };
}

/** A relative path is often meant from the context. */
function suggestion(file: string, sources: readonly ContextSource[]): string | undefined {
  const relative = path.relative(".", file);
  const found = foldersOf(sources).map((folder) => path.join(folder, relative))
    .find((candidate) => look(candidate, "context")?.isFile);
  return found === undefined ? undefined : `{ path: ${JSON.stringify(found)} }`;
}

async function virtualFiles(files: VirtualFiles, option: string): Promise<FileTree> {
  return virtualTree(await resolveVirtualFiles(files, undefined, option));
}

function hasFile(files: VirtualFiles, name: string): boolean {
  return Object.keys(files).some((key) => posix.normalize(key) === name);
}
