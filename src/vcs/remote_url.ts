import { hideCredentials } from "../context/remote.ts";
import type { Repository } from "./repository.ts";

/**
 * The URL that a repository comes from, without credentials: that of its branch's remote, or of `origin`, or of `upstream`.
 * Rewriting by `url.*.insteadOf` is not done.
 */
export function remoteUrl({ config }: Repository, branch: string | undefined): string | undefined {
  const own = branch === undefined ? undefined : config.get(`branch.${branch}.remote`);
  const url = [own, "origin", "upstream"]
    .filter((name) => name !== undefined)
    .map((name) => config.get(`remote.${name}.url`))
    .find((url) => url !== undefined && url !== "");
  return url === undefined ? undefined : hideCredentials(url);
}
