/** Shell patterns for one file name, with the syntax and the error rules of Go's filepath.Match. */

/** The pattern is not well formed. */
const MALFORMED = Symbol("malformed");

/** What must follow a star, or the start of the pattern, up to the next star. */
interface Chunk {
  readonly star: boolean;
  readonly text: readonly string[];
}

/**
 * Whether `name` matches `pattern`: `*`, `?`, `[a-z]`, `[^a-z]` and `\` before a character that is meant literally. Undefined
 * if the pattern is malformed, which shows only if the malformed part is reached, as in Go.
 */
export function matchGlob(pattern: string, name: string): boolean | undefined {
  const chunks = splitAtStars(pattern);
  let rest: readonly string[] = [...name];
  for (const [i, chunk] of chunks.entries()) {
    if (chunk.star && chunk.text.length === 0) return !rest.includes("/");
    const after = advance(chunk, rest, i === chunks.length - 1);
    if (after === MALFORMED) return undefined;
    if (after === undefined) return false;
    rest = after;
  }
  return rest.length === 0;
}

/** What is left of `name` after the first place where `chunk` fits; undefined if it fits nowhere. */
function advance(
  chunk: Chunk,
  name: readonly string[],
  last: boolean,
): readonly string[] | undefined | typeof MALFORMED {
  for (let start = 0;; start++) {
    const end = matchChunk(chunk.text, name, start);
    if (end === MALFORMED) return MALFORMED;
    if (end !== undefined && (!last || end === name.length)) return name.slice(end);
    if (!chunk.star || start >= name.length || name[start] === "/") return undefined;
  }
}

function splitAtStars(pattern: string): Chunk[] {
  const chunks: Chunk[] = [];
  const characters = [...pattern];
  for (let i = 0; i < characters.length;) {
    let from = i;
    while (characters[from] === "*") from++;
    let to = from;
    let inClass = false;
    for (; to < characters.length && (inClass || characters[to] !== "*"); to++) {
      const character = characters[to];
      if (character === "\\") to++;
      else if (character === "[") inClass = true;
      else if (character === "]") inClass = false;
    }
    chunks.push({ star: from > i, text: characters.slice(from, to) });
    i = to;
  }
  return chunks;
}

/**
 * Where in `name` a chunk ends that starts at `start`; undefined if it does not fit there. It is read to its end either way,
 * to find out whether it is malformed.
 */
function matchChunk(
  chunk: readonly string[],
  name: readonly string[],
  start: number,
): number | undefined | typeof MALFORMED {
  let at: number | undefined = start;
  for (let i = 0; i < chunk.length;) {
    const character: string | undefined = at === undefined ? undefined : name[at];
    let fits: boolean;
    if (chunk[i] === "[") {
      const found = matchClass(chunk, i + 1, character);
      if (found === MALFORMED) return MALFORMED;
      fits = found.fits;
      i = found.end;
    } else if (chunk[i] === "?") {
      fits = character !== "/";
      i++;
    } else {
      if (chunk[i] === "\\") i++;
      if (i === chunk.length) return MALFORMED;
      fits = character === chunk[i];
      i++;
    }
    at = at !== undefined && character !== undefined && fits ? at + 1 : undefined;
  }
  return at;
}

/** Reads the class whose `[` is before `start`. */
function matchClass(
  chunk: readonly string[],
  start: number,
  character: string | undefined,
): { fits: boolean; end: number } | typeof MALFORMED {
  const negated = chunk[start] === "^";
  const code = character?.codePointAt(0) ?? -1;
  let i = negated ? start + 1 : start;
  let fits = false;
  for (let ranges = 0; chunk[i] !== "]" || ranges === 0; ranges++) {
    const low = classCharacter(chunk, i);
    if (low === undefined) return MALFORMED;
    let high: typeof low | undefined = low;
    if (chunk[low.end] === "-") high = classCharacter(chunk, low.end + 1);
    if (high === undefined) return MALFORMED;
    fits ||= low.code <= code && code <= high.code;
    i = high.end;
  }
  return { fits: fits !== negated, end: i + 1 };
}

/** Reads one end of a range, which something must follow; undefined if there is none. */
function classCharacter(
  chunk: readonly string[],
  start: number,
): { code: number; end: number } | undefined {
  if (chunk[start] === "-" || chunk[start] === "]") return undefined;
  const i = chunk[start] === "\\" ? start + 1 : start;
  const code = chunk[i]?.codePointAt(0);
  return code === undefined || i + 1 >= chunk.length ? undefined : { code, end: i + 1 };
}
