/** `ctl debug dump-metadata`: refused. It reads the database of a builder that is not running. */
import { UsageError } from "../../usage_error.ts";
import type { CtlLoaded } from "../command.ts";

const FLAGS = { root: { value: "FOLDER", help: "The builder's state" } } as const;

function action(): Promise<void> {
  return Promise.reject(
    new UsageError(
      "dump-metadata is not supported: it reads the database of a builder that is not running",
      "See the cache of a running one with du --verbose, or use buildctl on the builder's machine",
    ),
  );
}

/** The command. */
export const command: CtlLoaded = { action, flags: FLAGS };
