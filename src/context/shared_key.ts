/** The names under which the daemon keeps its copies of contexts. */
import { TIME_UNIT } from "../files/runtime.ts";
import { builtin } from "../runtime/builtin.ts";
import { deno } from "../runtime/deno.ts";
import { hex } from "../runtime/hex.ts";
import { sha256 } from "../runtime/sha256.ts";
import { randomId } from "../session/id.ts";
import type { ContextSource } from "../types.ts";
import { absoluteFolders, isVirtual } from "./local_source.ts";
import { isNotCapable } from "../runtime/refusal.ts";

/**
 * The daemon keeps one copy of a context for each key and compares it with what is sent, so that a second build sends only
 * what changed. The key is made from this machine and the full paths: contexts that have nothing to do with each other must
 * not meet. Files in memory have no place, so their names stand for it; laid over a folder they don't, since they may have
 * other names in each build.
 */
export function sharedKey(sources: readonly ContextSource[]): Promise<string> {
  const folders = absoluteFolders(sources);
  return placeKey(
    folders.length > 0
      ? folders
      : sources.map((source) => isVirtual(source) ? Object.keys(source).sort() : source),
  );
}

/** The key of any place on this machine. Hashed, because header values are ASCII and a path is nobody's business. */
export async function placeKey(place: unknown): Promise<string> {
  const text = JSON.stringify([machineName(), TIME_UNIT, place]);
  return hex(await sha256(new TextEncoder().encode(text)));
}

function machineName(): string {
  try {
    return deno === undefined ? builtin("os").hostname() : deno.hostname();
  } catch (error) {
    // Without Deno's --allow-sys=hostname nothing tells two machines apart: better to send all than to trust their copy.
    if (isNotCapable(error)) return randomId();
    throw error;
  }
}
