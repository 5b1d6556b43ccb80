/** The order in which entries travel: names by the bytes of their UTF-8, each directory followed by what is in it (fsutil validator.go). */

const SLASH = 0x2f;
const SURROGATE_REGEXP = /[\ud800-\udfff]/;

/**
 * Compares two paths as the receiver does: byte by byte, with `/` below everything else. Negative if `a` comes first, 0 if
 * they are equal.
 */
export function comparePaths(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x === y) continue;
    if (x === SLASH || y === SLASH) return x === SLASH ? -1 : 1;
    return byteRank(x) - byteRank(y);
  }
  return a.length - b.length;
}

/** Compares two names by the bytes of their UTF-8. */
export function compareNames(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return byteRank(x) - byteRank(y);
  }
  return a.length - b.length;
}

/** Sorts names, in place, by the bytes of their UTF-8. */
export function sortNames(names: string[]): string[] {
  // The engine's own order is that of UTF-16 units, which differs only where there are surrogates, and is much faster.
  return names.some(hasSurrogates) ? names.sort(compareNames) : names.sort();
}

function hasSurrogates(name: string): boolean {
  return SURROGATE_REGEXP.test(name);
}

/** Surrogates stand for code points above all that have one unit, but are not the highest units. */
function byteRank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x2800 : unit;
}
