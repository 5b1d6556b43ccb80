/** A builder that has what documentation and examples take for granted: images of Docker Hub. */
import { build } from "../../mod.ts";
import { type Buildkitd, startBuildkitd } from "./buildkitd.ts";
import type { TestEnvironment } from "./env.ts";

/** Names that stand for the test's base image, for its tools and shell are all that is asked of them. */
const IMAGES = ["alpine", "busybox"] as const;

/** Starts a builder of its own for which `alpine` is an image that this machine holds. */
export async function startHubBuilder(
  { tools, address, registry, baseImage }: TestEnvironment,
): Promise<Buildkitd> {
  await build({
    ...{ address, context: {}, dockerfile: `FROM ${baseImage}\n` },
    tags: IMAGES.map((name) => `${registry}/library/${name}:latest`),
    output: { type: "image", push: true, insecure: true },
  });
  return await startBuildkitd({
    ...{ tools, tcp: true, insecureRegistries: [registry] },
    mirrors: { "docker.io": registry },
  });
}
