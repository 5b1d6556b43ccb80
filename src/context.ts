/** From the `context` and `dockerfile` options to the trees that the daemon may read. */
import { createHash } from "node:crypto";
import { readFileSync, type Stats, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { OptionError, PermissionError } from "./errors.ts";
import { openDirectory } from "./files/directory.ts";
import { overlayTrees } from "./files/overlay.ts";
import { TIME_UNIT } from "./files/runtime.ts";
import { isMissing, readError } from "./files/read_error.ts";
import type { FileTree } from "./files/tree.ts";
import { virtualTree } from "./files/virtual.ts";
import { resolveVirtualFiles } from "./files/virtual_files.ts";
import { refuseUnknown, show } from "./options.ts";
import { pathOf } from "./outputs.ts";
import { isNotCapable } from "./environment.ts";
import { randomId } from "./session/id.ts";
import type { BuildOptions, ContextSource, VirtualFiles } from "./types.ts";

/** What a build reads. */
export interface BuildInputs {
  /** By local name: `context` and `dockerfile`. */
  readonly trees: ReadonlyMap<string, FileTree>;
  /** The Dockerfile's name within the `dockerfile` tree. */
  readonly filename: string;
  /** See {@linkcode SessionOptions.sharedKey}. */
  readonly sharedKey: string;
}

const DEFAULT_NAME = "Dockerfile";

/**
 * Opens the folders and takes in the virtual files of a build.
 *
 * @param needed `dockerfile`: whether there must be one. @default true
 * @throws {OptionError} if the context or the Dockerfile is missing
 */
export async function openInputs(
  options: BuildOptions,
  needed: { dockerfile: boolean } = { dockerfile: true },
): Promise<BuildInputs> {
  if (!needed.dockerfile && options.dockerfile === undefined) return await openFiles(options);
  const sources = contextSources(options);
  const context = await openContext(sources, options.signal);
  const dockerfile = await openDockerfile(options.dockerfile, sources, context);
  return {
    trees: new Map([["context", context], ["dockerfile", dockerfile.tree]]),
    filename: dockerfile.filename,
    sharedKey: sharedKey(sources),
  };
}

/** The files of a build that may have no Dockerfile. */
async function openFiles(options: BuildOptions): Promise<BuildInputs> {
  const sources = contextSources({ context: {}, ...options });
  const context = await openContext(sources, options.signal);
  return {
    trees: new Map([["context", context], ["dockerfile", context]]),
    filename: DEFAULT_NAME,
    sharedKey: sharedKey(sources),
  };
}

function contextSources({ context, dockerfile }: BuildOptions): ContextSource[] {
  if (context instanceof ReadableStream) {
    throw new OptionError("context", "an archive as a stream is not supported yet", '"."');
  }
  if (context !== undefined) return Array.isArray(context) ? context : [context];
  return typeof dockerfile === "string" ? [{}] : ["."];
}

async function openContext(
  sources: ContextSource[],
  signal: AbortSignal | undefined,
): Promise<FileTree> {
  if (sources.length === 0) {
    throw new OptionError("context", "the list is empty", '[".", { "a.txt": "..." }]');
  }
  const trees = await Promise.all(sources.map((source, i) => {
    return openSource(source, sources.length > 1 ? `context[${i}]` : "context", signal);
  }));
  return trees.reduce(overlayTrees);
}

async function openSource(
  source: ContextSource,
  option: string,
  signal: AbortSignal | undefined,
): Promise<FileTree> {
  if (!isVirtual(source)) return openFolder(source, option);
  if (!isPlainObject(source)) {
    throw new OptionError(option, `${show(source)} is neither a folder nor files`, '"."');
  }
  return virtualTree(await resolveVirtualFiles(source, signal, option));
}

function openFolder(source: string | URL, option: string): FileTree {
  const text = String(source);
  if (/^(?!file:)[a-z][a-z0-9+.-]*:\/\/|^git@/i.test(text)) {
    throw new OptionError(
      option,
      `"${text}" is a remote context, which is not supported yet`,
      '"./app"',
    );
  }
  const folder = pathOf(source, option);
  const found = look(folder, option);
  if (found === undefined) throw new OptionError(option, `there is no folder "${folder}"`, '"."');
  if (!found.isDirectory()) throw new OptionError(option, `"${folder}" is not a folder`, '"."');
  return openDirectory(folder);
}

async function openDockerfile(
  dockerfile: BuildOptions["dockerfile"],
  sources: ContextSource[],
  context: FileTree,
): Promise<{ tree: FileTree; filename: string }> {
  if (dockerfile === undefined) {
    const filename = [DEFAULT_NAME, "dockerfile"].find((name) => context.stat(name) !== undefined);
    if (filename !== undefined) return { tree: context, filename };
    throw new OptionError(
      "dockerfile",
      `there is no ${DEFAULT_NAME} in ${context.label}`,
      '{ path: "deploy/Dockerfile" }, or its content',
    );
  }
  if (typeof dockerfile === "string") {
    checkContent(dockerfile);
    const tree = await virtualFiles({ [DEFAULT_NAME]: dockerfile }, "dockerfile");
    return { tree, filename: DEFAULT_NAME };
  }
  if (!isPlainObject(dockerfile)) {
    throw new OptionError("dockerfile", `${show(dockerfile)} is neither content nor { path }`);
  }
  refuseUnknown(dockerfile, ["path"], "dockerfile");
  const file = pathOf(dockerfile.path, "dockerfile.path");
  const name = path.posix.normalize(file);
  if (sources.some((source) => isVirtual(source) && hasFile(source, name))) {
    return { tree: context, filename: name };
  }
  return await openDockerfileAt(path.resolve(file), sources);
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
  sources: ContextSource[],
): Promise<{ tree: FileTree; filename: string }> {
  const option = "dockerfile.path";
  const found = look(file, option);
  if (found === undefined) {
    throw new OptionError(option, `there is no file "${file}"`, suggestion(file, sources));
  }
  if (!found.isFile()) throw new OptionError(option, `"${file}" is not a file`);
  const filename = path.basename(file);
  const ignore = `${file}.dockerignore`;
  const files = await virtualFiles({
    [filename]: readFileSync(file),
    ...(look(ignore, option)?.isFile() && { [path.basename(ignore)]: readFileSync(ignore) }),
  }, option);
  return { tree: overlayTrees(openDirectory(path.dirname(file)), files), filename };
}

/** A relative path is often meant from the context. */
function suggestion(file: string, sources: ContextSource[]): string | undefined {
  const relative = path.relative(".", file);
  const found = foldersOf(sources).map((folder) => path.join(folder, relative))
    .find((candidate) => look(candidate, "context")?.isFile());
  return found === undefined ? undefined : `{ path: ${JSON.stringify(found)} }`;
}

async function virtualFiles(files: VirtualFiles, option: string): Promise<FileTree> {
  return virtualTree(await resolveVirtualFiles(files, undefined, option));
}

/** What is at a path, symlinks followed; undefined for nothing. */
function look(file: string, option: string): Stats | undefined {
  try {
    return statSync(file, { throwIfNoEntry: false });
  } catch (error) {
    if (isMissing(error)) return undefined;
    if (isNotCapable(error)) {
      throw new PermissionError(`Cannot read ${file}: run with --allow-read=${file}`, {
        cause: error,
      });
    }
    throw new OptionError(option, readError("read", file, error).message, undefined, error);
  }
}

function isPlainObject(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function hasFile(files: VirtualFiles, name: string): boolean {
  return Object.keys(files).some((key) => path.posix.normalize(key) === name);
}

function isVirtual(source: ContextSource): source is VirtualFiles {
  return typeof source !== "string" && !(source instanceof URL);
}

function foldersOf(sources: ContextSource[]): string[] {
  return sources.flatMap((source) => isVirtual(source) ? [] : [pathOf(source, "context")]);
}

/**
 * The daemon keeps one copy of a context for each key and compares it with what is sent, so that a second build sends only
 * what changed. The key is made from this machine and the full paths: contexts that have nothing to do with each other must
 * not meet. Files in memory have no place, so their names stand for it; laid over a folder they don't, since they may have
 * other names in each build. Hashed, because header values are ASCII and a path is nobody's business.
 */
function sharedKey(sources: ContextSource[]): string {
  const folders = foldersOf(sources).map((folder) => path.resolve(folder));
  const place = folders.length > 0 ? folders : sources.map((files) => Object.keys(files).sort());
  return createHash("sha256").update(JSON.stringify([machineName(), TIME_UNIT, place])).digest(
    "hex",
  );
}

function machineName(): string {
  try {
    return os.hostname();
  } catch (error) {
    // Without Deno's --allow-sys=hostname nothing tells two machines apart: better to send all than to trust their copy.
    if (isNotCapable(error)) return randomId();
    throw error;
  }
}
