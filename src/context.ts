/** From the `context` and `dockerfile` options to the trees that the daemon may read. */
import { createHash } from "node:crypto";
import { statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { OptionError } from "./errors.ts";
import { openDirectory } from "./files/directory.ts";
import { overlayTrees } from "./files/overlay.ts";
import type { FileTree } from "./files/tree.ts";
import { virtualTree } from "./files/virtual.ts";
import { resolveVirtualFiles } from "./files/virtual_files.ts";
import { pathOf } from "./outputs.ts";
import { isNotCapable } from "./registry/environment.ts";
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
 * @throws {OptionError} if the context or the Dockerfile is missing
 */
export async function openInputs(options: BuildOptions): Promise<BuildInputs> {
  const sources = contextSources(options);
  const context = await openContext(sources, options.signal);
  const dockerfile = await openDockerfile(options.dockerfile, sources, context);
  return {
    trees: new Map([["context", context], ["dockerfile", dockerfile.tree]]),
    filename: dockerfile.filename,
    sharedKey: sharedKey(sources),
  };
}

function contextSources({ context, dockerfile }: BuildOptions): ContextSource[] {
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
  const folder = pathOf(source);
  const found = statSync(folder, { throwIfNoEntry: false });
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
    const files = await resolveVirtualFiles(
      { [DEFAULT_NAME]: dockerfile },
      undefined,
      "dockerfile",
    );
    return { tree: virtualTree(files), filename: DEFAULT_NAME };
  }
  const file = pathOf(dockerfile.path);
  const name = path.posix.normalize(file);
  if (sources.some((source) => isVirtual(source) && hasFile(source, name))) {
    return { tree: context, filename: name };
  }
  return openDockerfileAt(path.resolve(file));
}

/** A path given where the content belongs is the likeliest mistake, and the daemon's words for it are no help. */
function checkContent(content: string): void {
  if (/\s/.test(content.trim()) || content.trim() === "") return;
  throw new OptionError(
    "dockerfile",
    `"${content}" is not a Dockerfile's content`,
    `{ path: "${content}" }`,
  );
}

function openDockerfileAt(file: string): { tree: FileTree; filename: string } {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined) throw new OptionError("dockerfile.path", `there is no file "${file}"`);
  if (!found.isFile()) throw new OptionError("dockerfile.path", `"${file}" is not a file`);
  return { tree: openDirectory(path.dirname(file)), filename: path.basename(file) };
}

function hasFile(files: VirtualFiles, name: string): boolean {
  return Object.keys(files).some((key) => path.posix.normalize(key) === name);
}

function isVirtual(source: ContextSource): source is VirtualFiles {
  return typeof source !== "string" && !(source instanceof URL);
}

/**
 * The daemon keeps one copy of a context for each key and compares it with what is sent, so that a second build sends only
 * what changed. The key is made from this machine and the full paths: contexts that have nothing to do with each other must
 * not meet. Hashed, because header values are ASCII and a path is nobody's business.
 */
function sharedKey(sources: ContextSource[]): string {
  const places = sources.map((source) =>
    isVirtual(source) ? "(virtual)" : path.resolve(pathOf(source))
  );
  return createHash("sha256").update(JSON.stringify([machineName(), ...places])).digest("hex");
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
