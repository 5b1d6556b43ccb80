import { FileError, OptionError } from "../errors.ts";
import type { VirtualContent, VirtualFile, VirtualFiles } from "../types.ts";
import { contentTime } from "./content_time.ts";

/** A file given in code, checked and with its content in memory. */
export type ResolvedVirtualFile =
  /** Permission bits, and nanoseconds since the epoch. */
  | { type: "file"; content: Uint8Array; mode: number; modTime: bigint }
  | { type: "directory"; mode: number; modTime: bigint }
  | { type: "symlink"; target: string; modTime: bigint };

/** Files given in code by path, without trailing slashes. Parents need not be among them. */
export type ResolvedVirtualFiles = ReadonlyMap<string, ResolvedVirtualFile>;

const FILE_MODE = 0o644;
const DIRECTORY_MODE = 0o755;

/**
 * Checks files given in code and reads their streams to the end, one after the other. Names are all checked before the
 * first stream is touched.
 *
 * @param option How the caller knows these files, for messages.
 * @throws {OptionError} naming the entry, for example `context["bad/../x"]`.
 * @throws {FileError} if a stream fails. Throws the signal's reason when that fires.
 */
export async function resolveVirtualFiles(
  files: VirtualFiles,
  signal?: AbortSignal,
  option = "context",
): Promise<ResolvedVirtualFiles> {
  const resolved = new Map<string, ResolvedVirtualFile>();
  const contents: { path: string; name: string; content: VirtualContent }[] = [];
  for (const [key, file] of Object.entries(files)) {
    const name = `${option}[${JSON.stringify(key)}]`;
    const path = checkPath(key, name);
    if (resolved.has(path)) throw new OptionError(name, "the path is given twice");
    resolved.set(path, shapeOf(file, key.endsWith("/"), name));
    const content = contentOf(file);
    if (content !== undefined) contents.push({ path, name, content });
  }
  for (const path of resolved.keys()) checkParents(path, resolved, option);
  for (const { path, name, content } of contents) {
    const file = resolved.get(path)!;
    const bytes = await readContent(content, name, signal);
    if (file.type === "file") {
      file.content = bytes;
      file.modTime = await contentTime(file.modTime, bytes);
    } else if (bytes.length > 0) {
      throw new OptionError(name, "a directory cannot have content");
    }
  }
  return resolved;
}

/** The path without its trailing slash. */
function checkPath(key: string, name: string): string {
  const path = key.endsWith("/") ? key.slice(0, -1) : key;
  const parts = path.split("/");
  if (key.startsWith("/")) {
    throw new OptionError(name, "the path must be relative to the context", '"src/main.ts"');
  }
  if (path === "") throw new OptionError(name, "the path is empty", '"src/main.ts"');
  if (parts.some((part) => part === "" || part === "." || part === "..")) {
    throw new OptionError(name, 'the path must not have empty, "." or ".." parts', '"src/main.ts"');
  }
  if (path.includes("\0")) throw new OptionError(name, "the path holds a NUL character");
  if (!path.isWellFormed()) throw new OptionError(name, "the path is not valid Unicode");
  return path;
}

function checkParents(
  path: string,
  files: ReadonlyMap<string, ResolvedVirtualFile>,
  option: string,
): void {
  for (let at = path.indexOf("/"); at >= 0; at = path.indexOf("/", at + 1)) {
    const parent = path.slice(0, at);
    const type = files.get(parent)?.type;
    if (type === undefined || type === "directory") continue;
    throw new OptionError(
      `${option}[${JSON.stringify(path)}]`,
      `${JSON.stringify(parent)} is a ${type} and cannot hold files`,
    );
  }
}

/** What the entry is, its content still empty. */
function shapeOf(file: VirtualFile, directory: boolean, name: string): ResolvedVirtualFile {
  if (isRecord(file) && "symlink" in file) {
    if (directory) throw new OptionError(name, "a path that ends in / is a directory, not a link");
    return { type: "symlink", target: checkTarget(file.symlink, name), modTime: 0n };
  }
  const detailed = isRecord(file) && "content" in file ? file : undefined;
  if (contentOf(file) === undefined) {
    throw new OptionError(
      name,
      "must be text, bytes, a stream, { content } or { symlink }",
      '"hello\\n"',
    );
  }
  const mode = checkMode(detailed?.mode ?? (directory ? DIRECTORY_MODE : FILE_MODE), name);
  const modTime = checkTime(detailed?.mtime, name);
  if (directory) return { type: "directory", mode, modTime };
  return { type: "file", content: new Uint8Array(0), mode, modTime };
}

function contentOf(file: VirtualFile): VirtualContent | undefined {
  const content: unknown = isRecord(file) && "content" in file ? file.content : file;
  return isContent(content) ? content : undefined;
}

function isContent(value: unknown): value is VirtualContent {
  return typeof value === "string" || value instanceof Uint8Array || isStream(value) ||
    isRecord(value) && Symbol.asyncIterator in value;
}

function isStream(value: unknown): value is ReadableStream<Uint8Array> {
  return isRecord(value) && "getReader" in value;
}

function isRecord(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function checkTarget(target: unknown, name: string): string {
  if (typeof target === "string" && target !== "" && !target.includes("\0")) return target;
  throw new OptionError(`${name}.symlink`, "must be a path", '"../shared/config.json"');
}

function checkMode(mode: unknown, name: string): number {
  if (typeof mode === "number" && Number.isInteger(mode) && mode >= 0 && mode <= 0o7777) {
    return mode;
  }
  throw new OptionError(`${name}.mode`, `${String(mode)} is not a set of permission bits`, "0o755");
}

function checkTime(time: unknown, name: string): bigint {
  if (time === undefined) return 0n;
  if (time instanceof Date && !Number.isNaN(time.getTime())) {
    return BigInt(time.getTime()) * 1_000_000n;
  }
  throw new OptionError(`${name}.mtime`, "must be a valid Date", "new Date(0)");
}

async function readContent(
  content: VirtualContent,
  name: string,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  signal?.throwIfAborted();
  if (typeof content === "string") return new TextEncoder().encode(content);
  if (content instanceof Uint8Array) return content;
  if (isStream(content) && content.locked) {
    throw new OptionError(name, "the stream is already being read; give each file its own");
  }
  const source = isStream(content) ? streamSource(content) : iterableSource(content);
  const chunks: Uint8Array[] = [];
  try {
    for (;;) {
      const chunk = await orAborted(source.next(), signal);
      if (chunk === undefined) return join(chunks);
      if (!(chunk instanceof Uint8Array)) {
        throw new OptionError(name, `the stream gave a ${typeof chunk}, not a Uint8Array`);
      }
      chunks.push(chunk);
    }
  } catch (error) {
    source.stop(error);
    if (error instanceof OptionError || signal?.aborted) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new FileError(
      "FILE_UNREADABLE",
      name,
      `Cannot read the stream of ${name}: ${reason}`,
      error,
    );
  }
}

/** Chunks one by one, whatever they come from. */
interface ChunkSource {
  /** Undefined at the end. */
  next(): Promise<unknown>;
  /** Tells the source that no more is wanted, without waiting for it. */
  stop(reason: unknown): void;
}

function streamSource(stream: ReadableStream<Uint8Array>): ChunkSource {
  const reader = stream.getReader();
  return {
    next: async () => (await reader.read()).value,
    stop: (reason) => void reader.cancel(reason).catch(alreadyFailed),
  };
}

function iterableSource(iterable: AsyncIterable<Uint8Array>): ChunkSource {
  const iterator = iterable[Symbol.asyncIterator]();
  return {
    next: async () => {
      const result = await iterator.next();
      return result.done ? undefined : result.value;
    },
    stop: () => void Promise.resolve(iterator.return?.()).catch(alreadyFailed),
  };
}

/** What fails while a source is being given up is no news: the reason for giving up is reported. */
function alreadyFailed(): void {}

async function orAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return await promise;
  let onAbort: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason);
    // Asking for the promise may have run code that aborted.
    if (signal.aborted) onAbort();
    signal.addEventListener("abort", onAbort);
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort!);
  }
}

function join(chunks: Uint8Array[]): Uint8Array {
  if (chunks.length === 1) return chunks[0]!;
  const bytes = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}
