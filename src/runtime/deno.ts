/** The part of `Deno` in use, written down here so that our types do not depend on whose declarations are loaded. */

/** What `Deno.lstatSync` and `Deno.statSync` tell. */
export interface DenoFileInfo {
  isFile: boolean;
  isDirectory: boolean;
  isSymlink: boolean;
  size: number;
  mtime: Date | null;
  mode: number | null;
  nlink: number | null;
  dev: number;
  ino: number | null;
  rdev: number | null;
}

/** An open file. */
export interface DenoFile {
  readSync(into: Uint8Array): number | null;
  tryLockSync(exclusive: boolean): boolean;
  statSync(): DenoFileInfo;
  close(): void;
}

/** A connected socket. */
export interface DenoConn {
  read(into: Uint8Array): Promise<number | null>;
  write(bytes: Uint8Array): Promise<number>;
  closeWrite(): Promise<void>;
  setNoDelay?(on: boolean): void;
  close(): void;
}

/** Standard output or error. */
export interface DenoOutput {
  writeSync(bytes: Uint8Array): number;
  isTerminal(): boolean;
  readonly writable: WritableStream<Uint8Array>;
}

/** What may be asked for. */
export type PermissionRequest =
  | { name: "read" | "write"; path: string }
  | { name: "net"; host?: string }
  | { name: "env"; variable: string }
  | { name: "read" | "write" | "net" | "env" | "sys" | "run" | "ffi" | "import" };

/** The part of `Deno` in use. */
export interface DenoApi {
  build: { os: string };
  args: string[];
  exitCode: number;
  pid: number;
  env: { get(name: string): string | undefined };
  stdin: { readable: ReadableStream<Uint8Array>; isTerminal(): boolean };
  stdout: DenoOutput;
  stderr: DenoOutput;
  cwd(): string;
  exit(code: number): never;
  hostname(): string;
  consoleSize(): { columns: number; rows: number };
  addSignalListener(signal: string, listener: () => void): void;
  removeSignalListener(signal: string, listener: () => void): void;
  lstatSync(path: string): DenoFileInfo;
  statSync(path: string): DenoFileInfo;
  readDirSync(path: string): Iterable<{ name: string }>;
  realPathSync(path: string): string;
  readFileSync(path: string): Uint8Array;
  readLinkSync(path: string): string;
  openSync(path: string, options: { create: boolean; write: boolean } | { read: true }): DenoFile;
  permissions: { querySync(request: PermissionRequest): { state: string; partial?: boolean } };
  connect(
    options: { hostname: string; port: number; signal: AbortSignal } | {
      transport: "unix";
      path: string;
    },
  ): Promise<DenoConn>;
}

/** Deno's own API; undefined in other runtimes. */
export const deno: DenoApi | undefined = (globalThis as { Deno?: DenoApi }).Deno;
