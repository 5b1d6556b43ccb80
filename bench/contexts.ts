/** The contexts that the scenarios build, made once for each run. */
import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { randomFillSync } from "node:crypto";
import { join } from "node:path";

/** Bytes of a mebibyte. */
export const MIB = 1 << 20;

const FILES_IN_FOLDER = 100;

/** A folder with one file of `mebibytes` of noise, which no layer can compress. */
export function makeBigFile(folder: string, mebibytes: number): void {
  makeContext(folder, "FROM scratch", "COPY big /big");
  const file = openSync(join(folder, "big"), "w");
  const piece = new Uint8Array(MIB);
  for (let i = 0; i < mebibytes; i++) {
    randomFillSync(piece);
    writeSync(file, piece);
  }
  closeSync(file);
}

/** A folder with `count` files of about 400 bytes, a hundred to a subfolder. */
export function makeManyFiles(folder: string, count: number): void {
  makeContext(folder, "FROM scratch", "COPY src /src");
  makeManyFilesIn(join(folder, "src"), count);
}

/** The same files without a Dockerfile. */
export function makeManyFilesIn(folder: string, count: number): void {
  for (let i = 0; i < count; i++) {
    const place = join(folder, `d${Math.floor(i / FILES_IN_FOLDER)}`);
    if (i % FILES_IN_FOLDER === 0) mkdirSync(place, { recursive: true });
    writeFileSync(join(place, `f${i}.txt`), `${i} `.repeat(60));
  }
}

/** Gives `count` of the files of {@linkcode makeManyFiles} new content. */
export function changeFiles(folder: string, count: number, round: number): void {
  const stamp = new Date();
  for (let i = 0; i < count; i++) {
    const file = join(folder, "src", `d${i}`, `f${i * FILES_IN_FOLDER}.txt`);
    writeFileSync(file, `${round} ${Math.random()} `.repeat(20));
    utimesSync(file, stamp, stamp);
  }
}

/** A folder with one small file; `name` makes its content unlike others. */
export function makeSmall(folder: string, name: string): void {
  makeContext(folder, "FROM scratch", "COPY file /file");
  writeFileSync(join(folder, "file"), name);
}

/** A file of `mebibytes` of zeros that takes no room itself. */
export function makeSparseFile(path: string, mebibytes: number): void {
  const file = openSync(path, "w");
  ftruncateSync(file, mebibytes * MIB);
  closeSync(file);
}

/** A folder with this Dockerfile. */
export function makeContext(folder: string, ...dockerfile: string[]): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "Dockerfile"), dockerfile.join("\n") + "\n");
}
