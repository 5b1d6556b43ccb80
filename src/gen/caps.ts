// Generated from proto/caps.proto by proto/generate.ts. Do not edit.
import { message, type MessageType } from "../rpc/codec.ts";

/** `moby.buildkit.v1.apicaps.APICap` */
export interface APICap {
  /** Field 1, `ID`: string. */
  id: string;
  /** Field 2, `Enabled`: bool. */
  enabled: boolean;
  /** Field 3, `Deprecated`: bool. */
  deprecated: boolean;
  /** Field 4, `DisabledReason`: string. */
  disabledReason: string;
  /** Field 5, `DisabledReasonMsg`: string. */
  disabledReasonMsg: string;
  /** Field 6, `DisabledAlternative`: string. */
  disabledAlternative: string;
}

/** Codec of `moby.buildkit.v1.apicaps.APICap`. */
export const APICap: MessageType<APICap> = message("moby.buildkit.v1.apicaps.APICap", () => [
  { no: 1, name: "id", type: "string", proto: "ID" },
  { no: 2, name: "enabled", type: "bool", proto: "Enabled" },
  { no: 3, name: "deprecated", type: "bool", proto: "Deprecated" },
  { no: 4, name: "disabledReason", type: "string", proto: "DisabledReason" },
  { no: 5, name: "disabledReasonMsg", type: "string", proto: "DisabledReasonMsg" },
  { no: 6, name: "disabledAlternative", type: "string", proto: "DisabledAlternative" },
]);
