/** What makes the work of all clients the same: no attestations, nothing of git, no configuration of this machine's user. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";

/**
 * The environment of every client. buildctl attests nothing of its own accord, while buildx and our command do, unless they are
 * told not to.
 */
export function equalWork(scratch: string): Record<string, string> {
  const folder = join(scratch, "config");
  mkdirSync(folder, { recursive: true });
  return {
    BUILDX_NO_DEFAULT_ATTESTATIONS: "1",
    BUILDX_GIT_INFO: "0",
    BUILDX_METADATA_PROVENANCE: "disabled",
    DOCKER_CONFIG: folder,
    BUILDX_CONFIG: join(folder, "buildx"),
  };
}
