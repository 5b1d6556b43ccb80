/** Headers of tar archives: ustar, with a PAX header before it where ustar has no room (POSIX.1-2017, pax). */
import {
  isDevice,
  isDirectory,
  isNamedPipe,
  isRegular,
  isSymlink,
  MODE_CHAR_DEVICE,
  toUnixPermissions,
} from "./mode.ts";
import type { FileStat } from "./tree.ts";

/** Everything in an archive comes in blocks of this many bytes. */
export const BLOCK = 512;

const MAX_OCTAL_SIZE = 8 ** 11 - 1;
const encoder = new TextEncoder();

/** The header blocks of an entry. Owners are root, as BuildKit's files are; hard links carry no content. */
export function tarHeader(stat: FileStat): Uint8Array {
  const path = isDirectory(stat.mode) ? `${stat.path}/` : stat.path;
  const size = contentSize(stat);
  const seconds = Number(stat.modTime / 1_000_000_000n);
  const records = [
    ...(fits(path, 100) ? [] : [record("path", path)]),
    ...(fits(stat.linkname, 100) ? [] : [record("linkpath", stat.linkname)]),
    ...(size <= MAX_OCTAL_SIZE ? [] : [record("size", String(size))]),
    ...(seconds >= 0 && seconds <= MAX_OCTAL_SIZE ? [] : [record("mtime", String(seconds))]),
  ];
  const header = ustar({
    ...{ path, linkname: stat.linkname, size, seconds, type: typeOf(stat) },
    mode: toUnixPermissions(stat.mode),
    ...{ devmajor: stat.devmajor, devminor: stat.devminor },
  });
  return records.length === 0 ? header : join([paxHeader(records), header]);
}

/** The bytes of content that follow the header. */
export function contentSize({ mode, linkname, size }: FileStat): number {
  return isRegular(mode) && linkname === "" ? size : 0;
}

/** The zeros that fill content up to whole blocks. */
export function padding(size: number): Uint8Array {
  return new Uint8Array((BLOCK - size % BLOCK) % BLOCK);
}

/** What ends an archive. */
export function tarEnd(): Uint8Array {
  return new Uint8Array(2 * BLOCK);
}

function typeOf({ mode, linkname }: FileStat): string {
  if (isDirectory(mode)) return "5";
  if (isSymlink(mode)) return "2";
  if (isDevice(mode)) return (mode & MODE_CHAR_DEVICE) === 0 ? "4" : "3";
  if (isNamedPipe(mode)) return "6";
  return linkname === "" ? "0" : "1";
}

interface UstarFields {
  path: string;
  mode: number;
  size: number;
  seconds: number;
  type: string;
  linkname: string;
  devmajor: number;
  devminor: number;
}

function ustar(fields: UstarFields): Uint8Array {
  const block = new Uint8Array(BLOCK);
  const text = (at: number, length: number, value: string) => {
    block.set(encoder.encode(value).subarray(0, length), at);
  };
  const octal = (at: number, length: number, value: number) => {
    const held = value >= 0 && value < 8 ** (length - 1) ? value : 0;
    text(at, length, held.toString(8).padStart(length - 1, "0"));
  };
  text(0, 100, fields.path);
  octal(100, 8, fields.mode);
  octal(108, 8, 0);
  octal(116, 8, 0);
  octal(124, 12, fields.size);
  octal(136, 12, fields.seconds);
  text(148, 8, " ".repeat(8));
  text(156, 1, fields.type);
  text(157, 100, fields.linkname);
  text(257, 8, "ustar\x0000");
  octal(329, 8, fields.devmajor);
  octal(337, 8, fields.devminor);
  const sum = block.reduce((total, byte) => total + byte, 0);
  text(148, 8, `${sum.toString(8).padStart(6, "0")}\0 `);
  return block;
}

function paxHeader(records: readonly Uint8Array[]): Uint8Array {
  const content = join(records);
  const none = { linkname: "", devmajor: 0, devminor: 0, seconds: 0 };
  const header = ustar({ path: "pax", mode: 0o644, size: content.length, type: "x", ...none });
  return join([header, content, padding(content.length)]);
}

/** `LENGTH KEY=VALUE\n`, where the length counts itself. */
function record(key: string, value: string): Uint8Array {
  const rest = encoder.encode(` ${key}=${value}\n`);
  let length = rest.length;
  while (length !== rest.length + String(length).length) {
    length = rest.length + String(length).length;
  }
  return join([encoder.encode(String(length)), rest]);
}

/** Whether ustar can hold a text: what it holds has no encoding but ASCII. */
function fits(text: string, length: number): boolean {
  // deno-lint-ignore no-control-regex
  return text.length <= length && /^[\x01-\x7f]*$/.test(text);
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
