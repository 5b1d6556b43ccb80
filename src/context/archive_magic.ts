/** What the daemon takes for an archive (util/archiveutil): the first bytes decide, no name or type. */

/** Bytes that it takes to know. */
export const ARCHIVE_HEAD = 512;

const MAGICS: readonly (readonly number[])[] = [
  [0x1f, 0x8b, 0x08], // gzip
  [0x42, 0x5a, 0x68], // bzip2
  [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], // xz
  [0x28, 0xb5, 0x2f, 0xfd], // zstd
];

/** Fields of a tar header: where they begin and how long they are. */
type Field = readonly [at: number, length: number];

const CHECKSUM: Field = [148, 8];
const SIZE: Field = [124, 12];
/** Mode, owner, group, time: numbers in every header. */
const NUMBERS: readonly Field[] = [[100, 8], [108, 8], [116, 8], [136, 12]];
/** The device's number, where the format has one. */
const DEVICE_NUMBERS: readonly Field[] = [[329, 8], [337, 8]];
const TYPE = 156;
const MAGIC: Field = [257, 8];
const MAX_NUMBER = 2n ** 63n - 1n;

/** Whether data that begins with `head` is a tar archive, or compressed with gzip, bzip2, xz or zstd. */
export function isArchive(head: Uint8Array): boolean {
  if (MAGICS.some((magic) => magic.every((byte, i) => head[i] === byte))) return true;
  return isSkippableZstdFrame(head) || head.length >= ARCHIVE_HEAD && isTarHeader(head);
}

/** Frames of no content, which may come before the first one (RFC 8878, 3.1.2). */
function isSkippableZstdFrame(head: Uint8Array): boolean {
  return head.length >= 8 && (head[0]! & 0xf0) === 0x50 &&
    head[1] === 0x2a && head[2] === 0x4d && head[3] === 0x18;
}

/**
 * Whether a tar archive begins with what belongs to its first entry, such as a long name. The daemon looks no further than the
 * first 1024 bytes for that entry, and without it takes the archive for a Dockerfile.
 */
export function beginsWithMore(head: Uint8Array): boolean {
  return "xLK".includes(String.fromCharCode(head[TYPE] ?? 0)) && head.length >= ARCHIVE_HEAD &&
    isTarHeader(head);
}

/**
 * The checksum is what tells a header, also one of those ages that had no magic, and its numbers must be some: that is what
 * Go's reader looks at.
 */
function isTarHeader(head: Uint8Array): boolean {
  const header = head.subarray(0, ARCHIVE_HEAD);
  if (header.every((byte) => byte === 0)) return false;
  const written = octal(header, CHECKSUM);
  const blank = (i: number) => i >= CHECKSUM[0] && i < CHECKSUM[0] + CHECKSUM[1];
  const sum = header.reduce((sum, byte, i) => sum + (blank(i) ? 0x20 : byte), 0);
  // Sun's tar added the bytes up as signed ones.
  const signed = header.reduce((sum, byte, i) => sum + (blank(i) ? 0x20 : byte << 24 >> 24), 0);
  if (written !== BigInt(sum) && written !== BigInt(signed)) return false;
  const size = number(header, SIZE);
  const magic = textOf(header, MAGIC);
  const isNewer = magic.startsWith("ustar\0") || magic === "ustar  \0";
  const others = isNewer ? [...NUMBERS, ...DEVICE_NUMBERS] : NUMBERS;
  return size !== undefined && (size >= 0n || isWithoutContent(header)) &&
    others.every((field) => number(header, field) !== undefined);
}

/** Links, devices and folders: whatever their size says. */
function isWithoutContent(header: Uint8Array): boolean {
  return header[TYPE]! >= 0x31 && header[TYPE]! <= 0x36;
}

/** A number in octal digits, or in bytes where those don't suffice; undefined if it is neither. */
function number(header: Uint8Array, field: Field): bigint | undefined {
  const [at, length] = field;
  const first = header[at]!;
  if ((first & 0x80) === 0) return octal(header, field);
  const flip = (first & 0x40) !== 0 ? 0xff : 0;
  const value = header.subarray(at + 1, at + length)
    .reduce((sum, byte) => sum << 8n | BigInt(byte ^ flip), BigInt((first ^ flip) & 0x7f));
  if (value > MAX_NUMBER) return undefined;
  return flip === 0 ? value : -value - 1n;
}

function octal(header: Uint8Array, field: Field): bigint | undefined {
  const digits = textOf(header, field).replace(/^[ \0]+|[ \0]+$/g, "").split("\0")[0]!;
  if (digits === "") return 0n;
  return /^[0-7]{1,22}$/.test(digits) && BigInt(`0o${digits}`) < 2n ** 64n
    ? BigInt(`0o${digits}`)
    : undefined;
}

function textOf(header: Uint8Array, [at, length]: Field): string {
  return String.fromCharCode(...header.subarray(at, at + length));
}
