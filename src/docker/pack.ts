/** A build context as one tar stream: the classic builder takes it whole, so that what is left out is left out here. */
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { posix } from "node:path";
import { FileError } from "../errors.ts";
import { walkTree } from "../files/filter.ts";
import { PatternMatcher } from "../files/matcher.ts";
import { fromUnixMode, isRegular, isSymlink } from "../files/mode.ts";
import type { FileContent, FileStat, FileTree } from "../files/tree.ts";
import { Turns } from "../files/turns.ts";
import { parseIgnoreFile } from "./ignore_file.ts";
import { contentSize, padding, tarEnd, tarHeader } from "../files/tar.ts";

/** What is packed. */
export interface PackInputs {
  readonly context: FileTree;
  /** The tree that holds the Dockerfile; may be the context itself. */
  readonly dockerfile: FileTree;
  /** The Dockerfile's name there. */
  readonly filename: string;
}

/** A context ready to be packed. */
export interface Pack {
  /** The Dockerfile. */
  readonly dockerfile: string;
  /** The Dockerfile's path in the archive. */
  readonly dockerfilePath: string;
  /** The archive. To be read once; what is read from disk is never held whole. */
  chunks(onProgress?: (bytes: number) => void): AsyncGenerator<Uint8Array>;
}

const IGNORE_FILE = ".dockerignore";
const CHUNK = 256 << 10;
const S_IFREG = 0o100000;
const MAX_HOPS = 40;

/** A file that is in the archive whatever the patterns say. */
interface Extra {
  readonly stat: FileStat;
  /** @default the context's */
  readonly content?: Uint8Array;
}

/**
 * Prepares a context. The files are those that BuildKit would be sent: the Dockerfile's own ignore file counts, else the context's.
 *
 * The engine reads the Dockerfile from the archive and then takes away what the archive's .dockerignore names of the two. Where
 * that leaves what BuildKit would see, a Dockerfile at the context's root is sent under its name, ignored or not. Any other goes
 * under a name of its own, together with a .dockerignore that has the engine take it away.
 *
 * @throws {OptionError} if an ignore pattern is malformed
 */
export function packContext({ context, dockerfile, filename }: PackInputs): Pack {
  const own = dockerfile.stat(`${filename}.dockerignore`);
  const patterns = own === undefined
    ? ignorePatterns(context, IGNORE_FILE)
    : ignorePatterns(dockerfile, `${filename}.dockerignore`);
  const matcher = new PatternMatcher(patterns);
  const content = readWhole(dockerfile, filename);
  const { path, extras } = asItStands(context, filename, content, matcher) ??
    separateDockerfile(context, content, matcher);
  return {
    dockerfile: new TextDecoder().decode(content),
    dockerfilePath: path,
    chunks: (onProgress = () => {}) => pack(context, patterns, extras, onProgress),
  };
}

/** How the Dockerfile goes into the archive. */
interface Placed {
  readonly path: string;
  readonly extras: readonly Extra[];
}

/** The context's own files do if the engine takes away just those of the two that BuildKit would not see. */
function asItStands(
  context: FileTree,
  filename: string,
  content: Uint8Array,
  matcher: PatternMatcher,
): Placed | undefined {
  const stat = filename.includes("/") ? undefined : context.stat(filename);
  if (stat === undefined || !isRegular(stat.mode)) return undefined;
  if (!Buffer.from(content).equals(readWhole(context, filename))) return undefined;
  const ignore = context.stat(IGNORE_FILE);
  const engine = new PatternMatcher(ignorePatterns(context, IGNORE_FILE));
  const files = ignore === undefined ? [stat] : [ignore, stat];
  if (files.some(({ path }) => matcher.matches(path) !== engine.matches(path))) return undefined;
  return { path: filename, extras: files.map((stat) => ({ stat })) };
}

function ignorePatterns(tree: FileTree, path: string): string[] {
  return parseIgnoreFile(readWhole(tree, path));
}

function separateDockerfile(
  context: FileTree,
  content: Uint8Array,
  matcher: PatternMatcher,
): Placed {
  const id = createHash("sha256").update(content).digest("hex").slice(0, 20);
  const path = `.dockerfile.${id}`;
  const kept = matcher.matches(IGNORE_FILE) ? undefined : context.stat(IGNORE_FILE);
  const lines = kept === undefined
    ? [IGNORE_FILE, path]
    : [new TextDecoder().decode(readWhole(context, IGNORE_FILE)), path];
  return { path, extras: [file(IGNORE_FILE, lines.join("\n"), kept), file(path, content)] };
}

function file(path: string, text: string | Uint8Array, like?: FileStat): Extra {
  const content = typeof text === "string" ? new TextEncoder().encode(`${text}\n`) : text;
  const mode = fromUnixMode(S_IFREG | 0o644);
  const stat = { path, mode, modTime: 0n, linkname: "", devmajor: 0, devminor: 0, ...like };
  return { stat: { ...stat, size: content.length }, content };
}

async function* pack(
  context: FileTree,
  patterns: readonly string[],
  extras: readonly Extra[],
  onProgress: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  const turns = new Turns();
  const given = new Set(extras.map(({ stat }) => stat.path));
  const out = new Chunks();
  let bytes = 0;
  const full = function* () {
    for (const chunk of out.take()) {
      onProgress(bytes += chunk.length);
      yield chunk;
    }
  };
  const add = function* (stat: FileStat, parts: Iterable<Uint8Array>) {
    out.add(tarHeader(stat));
    for (const part of parts) {
      out.add(part);
      yield* full();
    }
    out.add(padding(contentSize(stat)));
    yield* full();
  };
  for (const { stat, content } of extras) {
    yield* add(stat, content === undefined ? contentOf(context, stat) : [content]);
  }
  for (const stat of walkTree(context, { excludePatterns: patterns })) {
    if (!given.has(stat.path)) yield* add(stat, contentOf(context, stat));
    if (turns.due()) await turns.take();
  }
  out.add(tarEnd());
  out.end();
  yield* full();
}

/** An entry's content. The archive has told its size already: what differs now would spoil it. */
function* contentOf(tree: FileTree, stat: FileStat): Generator<Uint8Array> {
  const size = contentSize(stat);
  if (size === 0) return;
  const file = tree.open(stat.path);
  try {
    for (let left = size; left > 0;) {
      const buffer = new Uint8Array(Math.min(left, CHUNK));
      const count = file.read(buffer);
      if (count < buffer.length) throw changed(tree, stat);
      left -= count;
      yield buffer;
    }
    if (!isAtEnd(file) || !file.unchanged(stat)) throw changed(tree, stat);
  } finally {
    file.close();
  }
}

function isAtEnd(file: FileContent): boolean {
  return file.read(new Uint8Array(1)) === 0;
}

function changed(tree: FileTree, { path }: FileStat): FileError {
  return new FileError(
    "FILE_CHANGED",
    path,
    `Cannot send ${path} of ${tree.label}: it changed while it was read. Keep it unchanged while the build runs`,
  );
}

/** A whole file, symlinks followed; nothing for one that is not there. */
function readWhole(tree: FileTree, path: string, hops = 0): Uint8Array {
  const stat = tree.stat(path);
  if (stat === undefined || hops > MAX_HOPS) return new Uint8Array(0);
  if (isSymlink(stat.mode)) {
    return readWhole(tree, linkTarget(path, stat.linkname), hops + 1);
  }
  const file = tree.open(path);
  try {
    const content = new Uint8Array(stat.size);
    return content.subarray(0, file.read(content));
  } finally {
    file.close();
  }
}

/** Where a link leads, both ends within the tree. */
function linkTarget(path: string, target: string): string {
  const from = target.startsWith("/") ? "/" : posix.join("/", posix.dirname(path));
  return posix.join(from, target).slice(1);
}

/** Gathers small pieces into chunks worth sending. */
class Chunks {
  #chunk = new Uint8Array(CHUNK);
  #used = 0;
  #full: Uint8Array[] = [];

  add(bytes: Uint8Array): void {
    for (let rest = bytes; rest.length > 0;) {
      const part = rest.subarray(0, CHUNK - this.#used);
      this.#chunk.set(part, this.#used);
      this.#used += part.length;
      rest = rest.subarray(part.length);
      if (this.#used === CHUNK) this.end();
    }
  }

  /** What is gathered is a chunk, however small. */
  end(): void {
    this.#full.push(this.#chunk.subarray(0, this.#used));
    this.#chunk = new Uint8Array(CHUNK);
    this.#used = 0;
  }

  take(): Uint8Array[] {
    return this.#full.splice(0);
  }
}
