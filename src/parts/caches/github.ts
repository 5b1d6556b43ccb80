/** GitHub's cache service, as a workflow's environment names it (cmd/buildctl/build/util.go). */
import type { Environment } from "../../environment.ts";
import type { CacheEntry } from "./entry.ts";

/** Adds what the environment says; returns what is missing then, in words. */
export function addGithubAccess({ attrs }: CacheEntry, env: Environment): string | undefined {
  const set = (name: string, value: string | undefined) => {
    if (!attrs.has(name) && value !== undefined) attrs.set(name, value);
  };
  const isV2 = /^(?:1|t|true)$/i.test(env("ACTIONS_CACHE_SERVICE_V2") ?? "");
  const version = attrs.get("version") ?? (isV2 ? "2" : "");
  if (version === "2") set("url_v2", env("ACTIONS_RESULTS_URL"));
  set("url", env("ACTIONS_CACHE_URL") ?? env("ACTIONS_RESULTS_URL"));
  set("token", env("ACTIONS_RUNTIME_TOKEN"));
  const lacking = [
    ...(attrs.get("url") || attrs.get("url_v2") ? [] : ["no url (ACTIONS_CACHE_URL)"]),
    ...(attrs.get("token") ? [] : ["no token (ACTIONS_RUNTIME_TOKEN)"]),
  ];
  if (lacking.length === 0) return undefined;
  return `it has ${lacking.join(" and ")}; ` +
    "in a workflow, an action must hand these variables to run steps";
}
