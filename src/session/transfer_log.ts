import type { Transfer } from "../types.ts";

/** A file that was sent. */
export interface SentFile {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
}

interface Totals {
  entries: number;
  files: number;
  bytes: number;
  largest: SentFile[];
}

/** Largest files that are remembered of each tree, however many there are. */
const REMEMBERED = 1000;

/** What the daemon asked for of each tree, over all of its calls. */
export class TransferLog {
  readonly #byName = new Map<string, Totals>();

  /** A file has been sent. */
  addFile(name: string, { path, size }: SentFile): void {
    const totals = this.#totals(name);
    totals.files++;
    totals.bytes += size;
    totals.largest.push({ path, size });
    if (totals.largest.length >= 2 * REMEMBERED) totals.largest = largestOf(totals.largest);
  }

  /** So many entries have been listed. */
  addEntries(name: string, entries: number): void {
    this.#totals(name).entries += entries;
  }

  /** The totals of each tree that was asked for, in order of the first call's end or file. */
  get transfers(): Transfer[] {
    return Array.from(this.#byName, ([name, { entries, files, bytes }]) => {
      return { name, entries, files, bytes };
    });
  }

  /** The largest files sent of a tree, at most 1,000, largest first. */
  largest(name: string): SentFile[] {
    return largestOf(this.#byName.get(name)?.largest ?? []);
  }

  #totals(name: string): Totals {
    let totals = this.#byName.get(name);
    if (totals === undefined) {
      this.#byName.set(name, totals = { entries: 0, files: 0, bytes: 0, largest: [] });
    }
    return totals;
  }
}

function largestOf(files: readonly SentFile[]): SentFile[] {
  return [...files].sort((a, b) => b.size - a.size).slice(0, REMEMBERED);
}
