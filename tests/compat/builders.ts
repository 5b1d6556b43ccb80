/** The builders of every age that features are tried on. */
import { withVariables } from "../docker/support.ts";
import { startBuildkitd } from "../support/buildkitd.ts";
import type { TestEnvironment } from "../support/env.ts";
import { installOlder, olderVersions } from "../support/older_buildkit.ts";
import { pinnedVersion } from "../support/tools.ts";
import type { World } from "./feature.ts";

/** A builder, as one column of the table. */
export interface CompatBuilder {
  /** The column's head. */
  readonly name: string;
  /** Has it at hand for as long as `work` takes. */
  use(
    environment: TestEnvironment,
    work: (world: Omit<World, "scanner">) => Promise<void>,
  ): Promise<void>;
}

/** BuildKit, newest first, then Docker's engines, newest first. */
export function compatBuilders(engines: TestEnvironment["engines"]): CompatBuilder[] {
  return [
    buildkit(pinnedVersion(), (environment) => Promise.resolve(environment.tools.buildkitd)),
    ...olderVersions().map((version) =>
      buildkit(version, async () => (await installOlder(version)).buildkitd)
    ),
    ...engines.toReversed().map(engine),
  ];
}

/** A daemon that nobody else uses: its cache is removed, and what it has done is looked at. */
function buildkit(
  version: string,
  install: (environment: TestEnvironment) => Promise<string>,
): CompatBuilder {
  return {
    name: `BuildKit ${version}`,
    async use(environment, work) {
      const { tools, registry, baseImage } = environment;
      const buildkitd = await install(environment);
      await using daemon = await startBuildkitd({
        tools: { ...tools, buildkitd },
        insecureRegistries: [registry],
      });
      await work({ on: { address: daemon.address }, registry, baseImage, network: true });
    },
  };
}

function engine({ name, host }: TestEnvironment["engines"][number]): CompatBuilder {
  return {
    name: `Docker ${name}`,
    use: ({ registry, baseImage }, work) =>
      withVariables(
        { DOCKER_HOST: host },
        () => work({ on: {}, registry, baseImage, network: false }),
      ),
  };
}
