import type { BuildOptions } from "../types.ts";

/** `ssh://...`, and the form that scp has, `git@host:path`. */
const GIT_OVER_SSH_REGEXP = /^ssh:\/\/|^[a-z0-9_-]+@[a-z0-9.-]+:/i;

/** Whether the context is a git repository that the builder clones over SSH; as with buildx, it then may use the SSH agent. */
export function usesGitOverSsh({ context }: BuildOptions): boolean {
  if (typeof context !== "string" && !(context instanceof URL)) return false;
  return GIT_OVER_SSH_REGEXP.test(String(context));
}
