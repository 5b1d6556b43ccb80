/** What the daemon takes for an archive (util/archiveutil): the first bytes decide, no name or type. */

/** Bytes that it takes to know. */
export const ARCHIVE_HEAD = 512;

const MAGICS: readonly (readonly number[])[] = [
  [0x1f, 0x8b, 0x08], // gzip
  [0x42, 0x5a, 0x68], // bzip2
  [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], // xz
  [0x28, 0xb5, 0x2f, 0xfd], // zstd
];

/** Where a tar header keeps its checksum, as octal digits. */
const CHECKSUM = { start: 148, end: 156 };

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

/** The checksum is what tells a header, also one of those ages that had no magic. Two blocks of zeros are an empty archive. */
function isTarHeader(head: Uint8Array): boolean {
  let sum = 0;
  for (let i = 0; i < ARCHIVE_HEAD; i++) {
    sum += i >= CHECKSUM.start && i < CHECKSUM.end ? 0x20 : head[i]!;
  }
  const field = new TextDecoder().decode(head.subarray(CHECKSUM.start, CHECKSUM.end));
  const written = /^ *([0-7]+)[ \0]*$/.exec(field)?.[1];
  return written !== undefined && parseInt(written, 8) === sum;
}
