/** A whole archive, as small as can be: empty files with these names. */
export function tarOf(...names: string[]): Uint8Array {
  const archive = new Uint8Array(512 * (names.length + 2));
  const encoder = new TextEncoder();
  for (const [i, name] of names.entries()) {
    const header = archive.subarray(512 * i, 512 * (i + 1));
    header.set(encoder.encode(name));
    header.set(encoder.encode("0000644\0"), 100);
    header.set(encoder.encode("00000000000\0"), 124);
    header.set(encoder.encode("        "), 148);
    header[156] = 0x30;
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.set(encoder.encode(sum.toString(8).padStart(6, "0") + "\0 "), 148);
  }
  return archive;
}
