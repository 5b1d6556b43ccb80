/** What the commands of `ctl` are made of. */
import type { FlagTable } from "../flags.ts";
import type { Io } from "../io.ts";

/** Runs a command with what stands after its name; flags of all commands may be among them. */
export type CtlAction = (argv: readonly string[], io: Io) => Promise<void>;

/** A command, or a group of them. */
export type CtlCommand =
  | { readonly summary: string; readonly load: () => Promise<CtlLoaded> }
  | { readonly summary: string; readonly commands: Readonly<Record<string, CtlCommand>> };

/** A command, loaded when it is called. */
export interface CtlLoaded {
  readonly action: CtlAction;
  /** Its own flags, for the help. */
  readonly flags: FlagTable;
  /** What follows its name besides flags. */
  readonly arguments?: string;
}

/** Flags of commands that print records. */
export const FORMAT_FLAG = {
  format: { value: "TEMPLATE", help: "Print by a Go template, for example '{{json .}}'" },
} as const;

export const FILTER_FLAG = {
  filter: { short: "f", value: "FILTER", many: true, help: "Only records that it matches" },
} as const;

export const VERBOSE_FLAG = {
  verbose: { short: "v", help: "Print all that is known of each" },
} as const;
