/** What Deno's permissions allow. Other runtimes have none, and allow all. */
import { deno, type PermissionRequest } from "./deno.ts";

/** Whether any program may be run, and any process be killed; asks nobody. */
export function mayRunAll(): boolean {
  return isGranted({ name: "run" });
}

/** Whether a variable of the environment may be read; asks nobody. */
export function mayReadVariable(variable: string): boolean {
  return isGranted({ name: "env", variable });
}

/** Whether connections are allowed to `host` (`name:port`), or to any host; asks nobody. */
export function mayConnect(host?: string): boolean {
  return isGranted(host === undefined ? { name: "net" } : { name: "net", host });
}

/** Whether `path` may be read as far as the runtime is concerned; asks nobody. */
export function mayRead(path: string): boolean {
  return isGranted({ name: "read", path });
}

/** As {@linkcode mayRead}, for reading and writing. */
export function mayUse(path: string): boolean {
  return mayRead(path) && isGranted({ name: "write", path });
}

/** Whether nothing at all is kept from this program, which Deno wants to know before it gives `/proc`; asks nobody. */
export function everythingAllowed(): boolean {
  if (deno === undefined) return true;
  const names = ["read", "write", "net", "env", "sys", "run", "ffi", "import"] as const;
  return names.every((name) => {
    const { state, partial } = deno!.permissions.querySync({ name });
    return state === "granted" && partial !== true;
  });
}

function isGranted(request: PermissionRequest): boolean {
  if (deno === undefined) return true;
  try {
    return deno.permissions.querySync(request).state === "granted";
  } catch (error) {
    // What Deno does not take for a host, it never connects to.
    if (error instanceof TypeError || error instanceof URIError) return false;
    throw error;
  }
}
