/**
 * Node's modules for code that every build loads. Under Deno importing one that holds streams takes as long as a third of a
 * small build, so that such code takes Deno's own calls there and asks for Node's modules when it needs them.
 */

interface Builtins {
  buffer: typeof import("node:buffer");
  crypto: typeof import("node:crypto");
  fs: typeof import("node:fs");
  net: typeof import("node:net");
  os: typeof import("node:os");
  path: typeof import("node:path");
  timers: typeof import("node:timers");
  url: typeof import("node:url");
  util: typeof import("node:util");
}

const known: Partial<Builtins> = {};

/** One of Node's modules, in any runtime. */
export function builtin<Name extends keyof Builtins>(name: Name): Builtins[Name] {
  const found: Builtins[Name] | undefined = known[name];
  if (found !== undefined) return found;
  // Node has it since 20.16, so have Deno and Bun.
  return known[name] = (globalThis as unknown as Globals).process.getBuiltinModule(`node:${name}`);
}

interface Globals {
  process: { getBuiltinModule<Name extends keyof Builtins>(name: `node:${Name}`): Builtins[Name] };
}
