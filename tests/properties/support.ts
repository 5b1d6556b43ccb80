/**
 * What tests over random inputs share. `MOAT_SEED` gives other inputs (`random` gives new ones), `MOAT_RUNS` so many times as
 * many of them. A failure names the seed and the smallest input that fails.
 */
import assert from "node:assert/strict";
import process from "node:process";
import fc from "fast-check";

/** The same in every run of CI, so that it fails for changes only. */
const USUAL_SEED = 20_261_122;

/** The seed of all inputs. */
export const SEED = seedOf(process.env.MOAT_SEED);

const FACTOR = Number(process.env.MOAT_RUNS ?? "1");

if (process.env.MOAT_SEED !== undefined) console.log(`MOAT_SEED=${SEED} MOAT_RUNS=${FACTOR}`);

function seedOf(text: string | undefined): number {
  if (text === undefined) return USUAL_SEED;
  return text === "random" ? Math.floor(Math.random() * 0x7fff_ffff) : Number(text);
}

/** How many inputs are tried where `usual` are usual. */
export function runsOf(usual: number): number {
  return Math.max(1, Math.round(usual * FACTOR));
}

/** A test that `check` throws for none of `runs` inputs, nor for those of `known`, which once failed. */
export function property<T>(
  name: string,
  inputs: fc.Arbitrary<T>,
  runs: number,
  check: (input: T) => Promise<void> | void,
  known: Readonly<Record<string, T>> = {},
): void {
  for (const [what, input] of Object.entries(known)) {
    Deno.test(`${name}: ${what}`, () => check(input));
  }
  Deno.test(`${name} (${runs} random inputs)`, async () => {
    await fc.assert(fc.asyncProperty(inputs, async (input) => await check(input)), {
      seed: SEED,
      numRuns: runsOf(runs),
    });
  });
}

/** Stands for whatever was refused in a proper way. */
export const REFUSED = "refused";

/** What `action` returns, or {@linkcode REFUSED} if it throws one of `errors`; anything else it throws is a bug. */
export function orRefused<T>(
  action: () => T,
  ...errors: ReadonlyArray<abstract new (...args: never[]) => Error>
): T | typeof REFUSED {
  try {
    return action();
  } catch (error) {
    if (errors.some((type) => error instanceof type)) return REFUSED;
    throw error;
  }
}

/** Texts of few characters, so that they meet. */
export function textOf(
  characters: string | readonly string[],
  maxLength = 12,
): fc.Arbitrary<string> {
  return fc.array(fc.constantFrom(...characters), { maxLength }).map((parts) => parts.join(""));
}

/** Bytes cut into pieces anywhere. */
export function cutInPieces(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...places].map((from, i) => bytes.subarray(from, places[i]));
}

/** Places to cut at. */
export const CUTS: fc.Arbitrary<number[]> = fc.array(fc.nat(), { maxLength: 8 });

/** That two values are equal, with a message that shows the input. */
export function assertSame(ours: unknown, theirs: unknown, input: unknown): void {
  assert.deepEqual(ours, theirs, `for ${JSON.stringify(input)}`);
}
