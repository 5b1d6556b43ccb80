/** Local names of named contexts. */
import { contextName } from "../frontend/context_name.ts";

/** Where the main context and the Dockerfile are mounted. */
const TAKEN = ["context", "dockerfile"];

/** The local name under which the daemon reads the named context `name` if that is a folder. */
export function localMount(name: string): string {
  return localMountOf(contextName(name, "contexts"));
}

/** The same for a name that is in its normal form. */
export function localMountOf(name: string): string {
  return TAKEN.includes(name) ? `_${name}` : name;
}
