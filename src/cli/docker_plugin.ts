/** The command as a plugin of Docker's: `docker moat build .` (docker/cli cli-plugins). */
import type { Io } from "./io.ts";
import { VERSION } from "./version.ts";

/** Set for plugins, and for what they start. */
const CALLED_BY_DOCKER = "DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND";
/** What plugins can be called that are this command. Docker allows no dashes in names. */
const NAME_REGEXP = /^moat/;

/** What Docker asks each plugin for. */
export function pluginMetadata(): string {
  return JSON.stringify({
    SchemaVersion: "0.1.0",
    Vendor: "moat",
    Version: `v${VERSION}`,
    ShortDescription: "Build container images on BuildKit",
  }) + "\n";
}

/** The command line without the plugin's name, which Docker puts before it. */
export function withoutPluginName(argv: readonly string[], { env }: Pick<Io, "env">): string[] {
  const [name, ...rest] = argv;
  const isPlugin = Boolean(env(CALLED_BY_DOCKER)) && name !== undefined && NAME_REGEXP.test(name);
  return isPlugin ? rest : [...argv];
}
