import { OptionError } from "../../errors.ts";
import type { PartBuilder } from "../part.ts";
import type { CacheEntry } from "./entry.ts";

/**
 * Refuses what Docker's own image store can't export: all but a cache within the image (moby builder-next/controller.go).
 *
 * @throws {OptionError} that says where it can be done
 */
export function checkEngineExports(
  exports: readonly CacheEntry[],
  { engine, address }: PartBuilder,
): void {
  if (engine === undefined || engine.containerdStore) return;
  const refused = exports.find(({ type }) => type !== "inline");
  if (refused === undefined) return;
  throw new OptionError(
    refused.option,
    `the Docker engine at ${address} cannot export a cache of type ${refused.type}, only "inline". ` +
      "Use a BuildKit of its own, named by BUILDKIT_HOST or the address, or turn on the engine's containerd image store",
  );
}
