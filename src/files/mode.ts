/** Go's `os.FileMode` bits, which is how modes travel (fsutil types/stat.proto), and their relation to Unix's `st_mode`. */

export const MODE_DIR = 0x80000000;
export const MODE_SYMLINK = 0x08000000;
export const MODE_DEVICE = 0x04000000;
export const MODE_NAMED_PIPE = 0x02000000;
export const MODE_SOCKET = 0x01000000;
export const MODE_SETUID = 0x00800000;
export const MODE_SETGID = 0x00400000;
/** Beside `MODE_DEVICE`: a character device, not a block device. */
export const MODE_CHAR_DEVICE = 0x00200000;
export const MODE_STICKY = 0x00100000;
export const MODE_IRREGULAR = 0x00080000;
/** All bits that say what kind of file it is; none of them is set for a regular file. */
export const MODE_TYPE = 0x8f280000;
export const MODE_PERMISSIONS = 0o777;

const UNIX_TYPE = 0o170000;
const UNIX_SETUID = 0o4000;
const UNIX_SETGID = 0o2000;
const UNIX_STICKY = 0o1000;

/** Go's type bits by the type bits of `st_mode`. */
const TYPES: ReadonlyMap<number, number> = new Map([
  [0o040000, MODE_DIR],
  [0o120000, MODE_SYMLINK],
  [0o060000, MODE_DEVICE],
  [0o020000, MODE_DEVICE + MODE_CHAR_DEVICE],
  [0o010000, MODE_NAMED_PIPE],
  [0o140000, MODE_SOCKET],
]);

/** Go's mode bits of an `st_mode`. Unsigned. */
export function fromUnixMode(stMode: number): number {
  let mode = stMode & MODE_PERMISSIONS;
  if (stMode & UNIX_SETUID) mode |= MODE_SETUID;
  if (stMode & UNIX_SETGID) mode |= MODE_SETGID;
  if (stMode & UNIX_STICKY) mode |= MODE_STICKY;
  return (mode | (TYPES.get(stMode & UNIX_TYPE) ?? 0)) >>> 0;
}

/** The permission, setuid, setgid and sticky bits of Go's mode bits, as `chmod` takes them. */
export function toUnixPermissions(mode: number): number {
  let bits = mode & MODE_PERMISSIONS;
  if (mode & MODE_SETUID) bits |= UNIX_SETUID;
  if (mode & MODE_SETGID) bits |= UNIX_SETGID;
  if (mode & MODE_STICKY) bits |= UNIX_STICKY;
  return bits;
}

/** Whether Go's mode bits are those of a regular file: no type bit at all. */
export function isRegular(mode: number): boolean {
  return (mode & MODE_TYPE) === 0;
}

export function isDirectory(mode: number): boolean {
  return (mode & MODE_DIR) !== 0;
}

export function isSymlink(mode: number): boolean {
  return (mode & MODE_SYMLINK) !== 0;
}

/** Whether it is a block or a character device. */
export function isDevice(mode: number): boolean {
  return (mode & MODE_DEVICE) !== 0;
}

export function isNamedPipe(mode: number): boolean {
  return (mode & MODE_NAMED_PIPE) !== 0;
}

export function isSocket(mode: number): boolean {
  return (mode & MODE_SOCKET) !== 0;
}
