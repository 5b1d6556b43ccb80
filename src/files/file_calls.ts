/** System calls of a writer, with what they are to do about the usual failures. */
import { Buffer } from "node:buffer";
import { randomUUID } from "node:crypto";
import fs from "node:fs";
import { parentOf } from "./confinement.ts";
import { errorCode } from "./write_failure.ts";

/** A modification time as `utimes` takes it: seconds since the epoch, or a date. */
export type Time = number | Date;

/** What paths may have at most, in bytes, with the NUL at their end: deeper ones could be made, but hardly be used. */
const LONGEST_PATH = 4096;

/** Throws as the system does for a path that is too long. */
export function refuseTooLong(path: string): void {
  // Most paths need no counting of bytes: a character has three at most.
  if (path.length * 3 < LONGEST_PATH || Buffer.byteLength(path) < LONGEST_PATH) return;
  const error = new Error("ENAMETOOLONG: name too long");
  throw Object.assign(error, { code: "ENAMETOOLONG" });
}

/** Closes a file with its final permissions and time. */
export function closeWith(fd: number, permissions: number, modified: Time): void {
  try {
    fs.fchmodSync(fd, permissions);
    fs.futimesSync(fd, modified, modified);
  } finally {
    fs.closeSync(fd);
  }
}

/** Whether the directory was made; false if something has its name. */
export function makeDirectory(path: string, mode: number): boolean {
  try {
    fs.mkdirSync(path, { mode });
    return true;
  } catch (error) {
    if (errorCode(error) === "EEXIST") return false;
    throw error;
  }
}

/** A name beside `path` that nobody can guess. */
export function temporaryName(path: string): string {
  const parent = parentOf(path);
  return `${parent === "" ? "" : parent + "/"}.tmp.${randomUUID()}`;
}
