/** The flags that all of buildctl's commands have. */
import type { FlagValues } from "../flags.ts";

/** Before and after a command's name. */
export const GLOBAL_FLAGS = {
  debug: { help: "Show where errors come from" },
  addr: { value: "ADDRESS", help: "The builder ($BUILDKIT_HOST, else its socket)" },
  "log-format": { value: "FORMAT", help: "text or json; taken, without effect" },
  tlsservername: { value: "NAME", help: "Builder's name to verify (ADDRESS's host)" },
  tlscacert: { value: "FILE", help: "CA certificate to verify the builder by" },
  tlscert: { value: "FILE", help: "Client certificate" },
  tlskey: { value: "FILE", help: "Client key" },
  tlsdir: { value: "FOLDER", help: "Folder of ca.pem, cert.pem and key.pem" },
  timeout: { value: "SECONDS", help: "How long --wait may take (5)" },
  wait: { help: "Wait until the builder answers" },
  help: { short: "h", help: "Show this help" },
} as const;

/** What they say. */
export type GlobalFlags = FlagValues<typeof GLOBAL_FLAGS>;
