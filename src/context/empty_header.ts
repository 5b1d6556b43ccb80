/** A beginning that an archive may have, and by which every reader knows it (POSIX pax). */

const BLOCK = 512;
/** A comment on all that follows, and an empty one. Its length counts itself. */
const RECORD = "12 comment=\n";
/** What a header holds, by where: name, mode, owner, group, size, time, type, magic. */
const FIELDS: ReadonlyArray<readonly [at: number, text: string]> = [
  [0, "pax_global_header"],
  [100, "0000666\0"],
  [108, "0000000\0"],
  [116, "0000000\0"],
  [124, `${RECORD.length.toString(8).padStart(11, "0")}\0`],
  [136, "00000000000\0"],
  [148, "        "],
  [156, "g"],
  [257, "ustar\x0000"],
];

/** Two blocks to put before an archive, as git puts them before its own. Whoever unpacks it passes over them. */
export function emptyHeader(): Uint8Array {
  const encoder = new TextEncoder();
  const blocks = new Uint8Array(2 * BLOCK);
  for (const [at, text] of FIELDS) blocks.set(encoder.encode(text), at);
  const sum = blocks.reduce((total, byte) => total + byte, 0);
  blocks.set(encoder.encode(`${sum.toString(8).padStart(6, "0")}\0 `), 148);
  blocks.set(encoder.encode(RECORD), BLOCK);
  return blocks;
}
