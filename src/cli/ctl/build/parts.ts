/** What flags of `ctl build` add to a build, by the same parts as the options of `build()`. */
import { folderStore } from "../../../content/folder_store.ts";
import { type BuildPart, mergeParts, type PartScope } from "../../../parts/part.ts";
import { readSourcePolicy } from "../../source_policy_flag.ts";
import { parseSecrets } from "../../secret_flag.ts";
import { parseSsh } from "../../ssh_flag.ts";
import type { CtlBuildFlags } from "./build_flags.ts";
import { parseExportCaches, parseImportCaches } from "./cache_flags.ts";
import { parsePairs } from "./opt_flag.ts";

/** Opens them. Throws a `UsageError` or an `OptionError`. */
export async function openCtlParts(flags: CtlBuildFlags, scope: PartScope): Promise<BuildPart> {
  const parts: BuildPart[] = [];
  if (flags.secret.length > 0) {
    const { secretsPart } = await import("../../../parts/secrets.ts");
    parts.push(await secretsPart({ secrets: parseSecrets(flags.secret, scope.env) }, scope));
  }
  if (flags.ssh.length > 0) {
    const { sshPart } = await import("../../../parts/ssh.ts");
    parts.push(await sshPart({ ssh: parseSsh(flags.ssh) }, scope));
  }
  const path = flags["source-policy-file"];
  if (path) {
    const { sourcePolicyPart } = await import("../../../parts/source_policy.ts");
    const sourcePolicy = await readSourcePolicy("--source-policy-file", path);
    parts.push(await sourcePolicyPart({ sourcePolicy }));
  }
  const exports = parseExportCaches(flags["export-cache"], scope.env);
  const imports = parseImportCaches(flags["import-cache"], scope.env);
  if (exports.length + imports.length > 0) {
    const { openCaches } = await import("../../../parts/caches.ts");
    parts.push(await openCaches(imports, exports, scope));
  }
  if (flags["oci-layout"].length > 0) parts.push({ stores: layouts(flags["oci-layout"]) });
  if (flags["proxy-network"]) parts.push({ request: { proxyNetwork: true } });
  return mergeParts(parts);
}

function layouts(items: readonly string[]): NonNullable<BuildPart["stores"]> {
  return new Map(
    [...parsePairs("oci-layout", items)].map(([id, folder]) => [`oci:${id}`, folderStore(folder)]),
  );
}
