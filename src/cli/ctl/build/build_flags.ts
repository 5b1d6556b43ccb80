/** The flags of `ctl build`. */
import type { FlagValues } from "../../flags.ts";
import { PROGRESS_FLAG } from "../ctl_progress.ts";
import type { GLOBAL_FLAGS } from "../global_flags.ts";

/** Its own. */
export const CTL_BUILD_FLAGS = {
  frontend: { value: "NAME", help: "Frontend; without it, LLB from stdin" },
  opt: { value: "KEY=VALUE", many: true, help: "Attribute of the frontend" },
  local: { value: "NAME=FOLDER", many: true, help: "Folder that the build may read" },
  "oci-layout": { value: "ID=FOLDER", many: true, help: "OCI layout that it may read" },
  output: { short: "o", value: "OUTPUT", many: true, help: "type=TYPE,key=value,..." },
  "export-cache": { value: "CACHE", many: true, help: "type=TYPE,key=value,... to write" },
  "import-cache": { value: "CACHE", many: true, help: "type=TYPE,key=value,... to read" },
  "no-cache": { help: "Run every step again" },
  secret: { value: "SECRET", many: true, help: "id=ID,src=FILE or id=ID,env=VARIABLE" },
  ssh: { value: "SSH", many: true, help: "default or ID=SOCKET|KEY[,KEY]" },
  allow: { value: "ENTITLEMENT", many: true, help: "network.host, security.insecure, ..." },
  "source-policy-file": { value: "FILE", help: "Rules about sources" },
  "proxy-network": { help: "Send what RUN loads through the builder's proxy" },
  "registry-auth-tlscontext": {
    value: "TLS",
    many: true,
    help: "host=HOST,ca=FILE,...",
  },
  ...PROGRESS_FLAG,
  trace: { value: "FILE", help: "Append the progress to FILE as JSON" },
  "metadata-file": { value: "FILE", help: "Write the builder's metadata to FILE" },
  "ref-file": { value: "FILE", help: "Write the build's id to FILE" },
  "debug-json-cache-metrics": { value: "FILE", help: "Write what the cache had to FILE" },
} as const;

/** What a command line says. */
export type CtlBuildFlags = FlagValues<typeof CTL_BUILD_FLAGS & typeof GLOBAL_FLAGS>;
