/** The one place that touches the process environment. */
import { deno } from "./runtime/deno.ts";
import { isNotCapable } from "./runtime/refusal.ts";

/** Looks an environment variable up; undefined if it is not set. */
export type Environment = (name: string) => string | undefined;

/** Reads the process's environment. Under Deno, a variable that may not be read counts as not set. */
export function readEnvironment(name: string): string | undefined {
  try {
    return deno === undefined ? globalThis.process.env[name] : deno.env.get(name);
  } catch (error) {
    // Nobody asked for this variable: without the permission, go on as where it is not set.
    if (isNotCapable(error)) return undefined;
    throw error;
  }
}

/**
 * What a credential helper gets: everything, since keychains and cloud logins have variables of their own, with `env`'s
 * PATH. Throws Deno's NotCapable without `--allow-env`.
 */
export function helperEnvironment(env: Environment): Record<string, string | undefined> {
  return { ...globalThis.process.env, PATH: env("PATH") };
}
