/** Seeds of token keys, one for each registry, in the file that Docker's and BuildKit's clients share (session/auth/authprovider). */
import { Buffer } from "node:buffer";
import { randomBytes, randomUUID } from "node:crypto";
import { readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type FileLock, tryLock } from "../files/runtime.ts";
import { mayUse } from "../runtime/permissions.ts";

const LOCK_ATTEMPTS = 100;
const LOCK_PAUSE_MS = 10;

/** Seeds of this process, where there is no file. */
const ownSeeds = new Map<string, Uint8Array>();

/**
 * The seed for a registry's host: from `.token_seed` in `folder`, where it is added if missing; if that can't be used, one of
 * this process. A file that is no JSON is replaced: clients that die while they write leave such files.
 */
export function tokenSeed(folder: string | undefined, host: string): Promise<Uint8Array> {
  const turn = lastTurn.then(() => seedOf(folder, host));
  // A failure is told to its caller only.
  lastTurn = turn.catch(() => {});
  return turn;
}

/** Within the process they go one after another, also where the runtime has no locks. */
let lastTurn: Promise<unknown> = Promise.resolve();

async function seedOf(folder: string | undefined, host: string): Promise<Uint8Array> {
  const path = folder === undefined ? undefined : join(folder, ".token_seed");
  if (path === undefined || !mayUse(folder!)) return processSeed(host);
  try {
    if (!(await stat(folder!)).isDirectory()) return processSeed(host);
    const lock = await waitForLock(`${path}.lock`);
    try {
      return await sharedSeed(path, host);
    } finally {
      lock?.close();
    }
  } catch (error) {
    // Without the file the builder's tokens are not shared with later processes, and nothing else.
    if (isOutOfReach(error)) return processSeed(host);
    throw error;
  }
}

/** The seed of this process for `name`. */
export function processSeed(name: string): Uint8Array {
  const seed = ownSeeds.get(name) ?? randomBytes(16);
  ownSeeds.set(name, seed);
  return seed;
}

/**
 * The lock that Go's clients take for some milliseconds. Without it, as under Node, a seed that another process adds at the same
 * time may get lost, and is then made anew.
 */
async function waitForLock(path: string): Promise<FileLock | undefined> {
  for (let attempt = 0; tryLock !== undefined && attempt < LOCK_ATTEMPTS; attempt++) {
    const lock = tryLock(path, "exclusive");
    if (lock !== undefined) return lock;
    await new Promise((resolve) => setTimeout(resolve, LOCK_PAUSE_MS));
  }
  return undefined;
}

async function sharedSeed(path: string, host: string): Promise<Uint8Array> {
  const seeds = await readSeeds(path);
  const known = Object.hasOwn(seeds, host) ? (seeds[host] as { Seed?: unknown } | null)?.Seed : "";
  if (typeof known === "string" && known !== "") return Buffer.from(known, "base64");
  const seed = randomBytes(16);
  const all = { ...seeds, [host]: { Seed: seed.toString("base64") } };
  // Put in place as a whole: readers without the lock see the old file or the new one.
  const partial = `${path}.${randomUUID()}`;
  try {
    await writeFile(partial, JSON.stringify(all, undefined, 2), { mode: 0o600, flag: "wx" });
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
  return seed;
}

async function readSeeds(path: string): Promise<Record<string, unknown>> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw error;
  }
  try {
    const seeds: unknown = JSON.parse(text);
    return typeof seeds === "object" && seeds !== null ? { ...seeds } : {};
  } catch {
    // A SyntaxError: half a file.
    return {};
  }
}

const OUT_OF_REACH = ["EACCES", "EPERM", "EROFS", "ENOENT", "ENOTDIR", "ENOSPC", "EDQUOT"];

function isOutOfReach(error: unknown): boolean {
  // Deno's own calls name the same by classes.
  const { code, name } = error as NodeJS.ErrnoException;
  return OUT_OF_REACH.includes(code ?? "") ||
    ["NotCapable", "PermissionDenied", "NotFound"].includes(name);
}
