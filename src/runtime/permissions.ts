/** What Deno's permissions allow. */
import { deno } from "./deno.ts";

/** Whether any program may be run, and any process be killed; asks nobody. */
export function mayRunAll(): boolean {
  return deno === undefined || deno.permissions.querySync({ name: "run" }).state === "granted";
}
