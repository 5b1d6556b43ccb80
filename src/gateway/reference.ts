/** One filesystem that a solve promises (frontend/gateway/client/client.go, "Reference"). */
import { isDirectory, isRegular, isSymlink, toUnixPermissions } from "../files/mode.ts";
import type { Stat } from "../gen/fsutil.ts";
import { LLBBridge, type Ref } from "../gen/gateway.ts";
import type { Definition } from "../gen/ops.ts";
import type { Bridge, GatewayCallOptions } from "./bridge.ts";
import type { Capabilities } from "./caps.ts";

/** What is known of a file without reading it. */
export interface GatewayFile {
  /** Its name alone. */
  readonly name: string;
  /** What it is. */
  readonly type: "file" | "directory" | "symlink" | "other";
  /** Permission, setuid, setgid and sticky bits, as `chmod` takes them. */
  readonly mode: number;
  /** Its owner. */
  readonly uid: number;
  /** Its group. */
  readonly gid: number;
  /** Bytes. */
  readonly size: number;
  /** When it was changed. */
  readonly mtime: Date;
  /** A symlink's target; else empty. */
  readonly target: string;
}

/** Which part of a file to read. */
export interface FileRange {
  /** Bytes to leave out. @default 0 */
  offset?: number;
  /** Bytes to read at most. @default all */
  length?: number;
}

/** Bytes of one answer: well below what a daemon sends in one message, which is 16 MiB. */
const CHUNK = 4 << 20;

/**
 * A filesystem that the daemon has, or can make. It is lazy: nothing runs before it is read, evaluated or returned. All
 * methods throw a `BuildError` if a step that is needed for it fails. Valid until the build function has returned.
 */
export class Reference {
  /** The daemon's name for it. */
  readonly id: string;
  readonly #definition: Definition | undefined;
  readonly #bridge: Bridge;
  readonly #caps: Capabilities;

  /** @ignore */
  constructor({ id, def }: Ref, bridge: Bridge, caps: Capabilities) {
    this.id = id;
    this.#definition = def;
    this.#bridge = bridge;
    this.#caps = caps;
  }

  /** @ignore */
  isOf(bridge: Bridge): boolean {
    return this.#bridge === bridge;
  }

  /** What makes it, for use as an input of other solves; undefined where the daemon did not say. */
  toDefinition(): Definition | undefined {
    return this.#definition;
  }

  /** Runs all that is needed for it. */
  async evaluate(options: GatewayCallOptions = {}): Promise<void> {
    if (this.#caps.has("gateway.evaluate")) {
      await this.#bridge(LLBBridge.evaluate, { ref: this.id }, options);
    } else {
      // To look at the root is to have it made.
      await this.stat(".", options);
    }
  }

  /** Reads a file, or a part of it. Symlinks stay inside of the filesystem. */
  async readFile(
    path: string,
    options: FileRange & GatewayCallOptions = {},
  ): Promise<Uint8Array<ArrayBuffer>> {
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of this.readChunks(path, options)) {
      chunks.push(chunk);
      size += chunk.length;
    }
    const whole = new Uint8Array(size);
    let position = 0;
    for (const chunk of chunks) {
      whole.set(chunk, position);
      position += chunk.length;
    }
    return whole;
  }

  /** Reads a file in pieces of a few MiB, so that it may be larger than memory. */
  async *readChunks(
    path: string,
    options: FileRange & GatewayCallOptions = {},
  ): AsyncGenerator<Uint8Array, void, undefined> {
    this.#caps.require("readfile");
    const { offset = 0, length = Infinity, signal } = options;
    const end = offset + length;
    for (let position = offset; position < end;) {
      const wanted = Math.min(CHUNK, end - position);
      const range = { offset: BigInt(position), length: BigInt(wanted) };
      const request = { ref: this.id, filePath: path, range };
      const { data } = await this.#bridge(LLBBridge.readFile, request, { signal });
      if (data.length > 0) yield data;
      if (data.length < wanted) return;
      position += data.length;
    }
  }

  /**
   * What is in a folder, sorted by the bytes of its names.
   *
   * @param options `pattern`: only names that match, for example `*.json`.
   */
  async readDir(
    path: string,
    options: { pattern?: string } & GatewayCallOptions = {},
  ): Promise<GatewayFile[]> {
    this.#caps.require("readdir");
    const { pattern = "", signal } = options;
    const request = { ref: this.id, dirPath: path, includePattern: pattern };
    const { entries } = await this.#bridge(LLBBridge.readDir, request, { signal });
    return entries.map(toFile);
  }

  /** Looks at one file. */
  async stat(path: string, options: GatewayCallOptions = {}): Promise<GatewayFile> {
    this.#caps.require("statfile");
    const { stat } = await this.#bridge(LLBBridge.statFile, { ref: this.id, path }, options);
    return toFile(stat!);
  }
}

function toFile({ path, mode, uid, gid, size, modTime, linkname }: Stat): GatewayFile {
  return {
    name: path.slice(path.lastIndexOf("/") + 1),
    type: isDirectory(mode)
      ? "directory"
      : isSymlink(mode)
      ? "symlink"
      : isRegular(mode)
      ? "file"
      : "other",
    mode: toUnixPermissions(mode),
    uid,
    gid,
    size: Number(size),
    mtime: new Date(Number(modTime / 1_000_000n)),
    target: isSymlink(mode) ? linkname : "",
  };
}
