import { normalizeReference } from "./reference.ts";

/**
 * A context's name as the Dockerfile's frontend looks it up: as short as an image's name can be, since `FROM name` may mean
 * either (buildx util/buildflags/context.go). `docker.io/library/alpine:latest` becomes `alpine`.
 *
 * @throws {OptionError} if an image could not have this name
 */
export function contextName(text: string, option: string): string {
  const full = normalizeReference(text, option).replace(/:latest$/, "");
  const name = full.replace(/^docker\.io\//, "");
  return name === full ? full : name.replace(/^library\/(?=[^/]+$)/, "");
}
