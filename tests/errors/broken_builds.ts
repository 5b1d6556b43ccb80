/** The options of the broken builds: what `broken_builds/NAME/Dockerfile` needs besides itself. */
import type { BuildOptions } from "../../src/types.ts";
import type { Workshop } from "./workshop.ts";

const push = { type: "image", push: true } as const;

/** By folder name; a folder that is not here needs nothing. */
export const BROKEN_BUILDS: Readonly<Record<string, (workshop: Workshop) => BuildOptions>> = {
  entitlement_refused: ({ strictAddress }) => ({ address: strictAddress, network: "host" }),
  image_for_other_platform: () => ({ platforms: ["linux/s390x"] }),
  image_with_wrong_login: ({ names }) => ({
    auth: { [names.locked!]: { username: "moat", password: "hunter2" } },
  }),
  no_space: ({ smallAddress }) => ({ address: smallAddress }),
  push_forbidden: ({ names }) => ({ tags: [`${names.fake}/status-403/app:1`], output: push }),
  push_rate_limited: ({ names }) => ({ tags: [`${names.fake}/status-429/app:1`], output: push }),
  push_to_closed: ({ names }) => ({ tags: [`${names.closed}/team/app:1`], output: push }),
  push_without_login: ({ names }) => ({ tags: [`${names.locked}/team/app:1`], output: push }),
  stage_used_before_its_from: () => ({ target: "debug" }),
  unknown_target: () => ({ target: "relaese" }),
};
