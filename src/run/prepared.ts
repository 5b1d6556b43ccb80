/** A build on its way: what is known before a builder begins, and what comes of it. */
import type { Builder } from "../builder.ts";
import type { BuildInputs } from "../context/open_inputs.ts";
import type { LoginRecord } from "../diagnosis/login_record.ts";
import type { BuildFunction } from "../gateway/solve.ts";
import type { StatusResponse } from "../gen/control.ts";
import type { PlannedOutput } from "../outputs.ts";
import type { BuildPart } from "../parts/part.ts";
import type { RegistryTls } from "../registry/http_request.ts";
import type { FolderMember } from "../session/shared_folders.ts";
import type { TransferLog } from "../session/transfer_log.ts";
import type { AccessEvent, BuildOptions, BuildResult } from "../types.ts";

/** What a build does otherwise than `build()`. */
export interface BuildWays {
  /** Makes the result in the frontend's place. @default the Dockerfile's frontend does */
  readonly gateway?: BuildFunction | undefined;
  /** Whether it can do without a Dockerfile. @default false */
  readonly withoutDockerfile?: boolean | undefined;
  /** Keeps it out of the builder's history. @default false */
  readonly internal?: boolean | undefined;
  /** A builder that is open, and stays so. @default the one that the options say */
  readonly builder?: Builder | undefined;
  /** Its place among builds that read the same folder as context. @default it reads its context alone */
  readonly folder?: FolderMember | undefined;
}

/** A build to be run. */
export interface BuildRun extends BuildWays {
  readonly options: BuildOptions;
  /** The build's id. */
  readonly ref: string;
  readonly signal: AbortSignal;
  /** See {@linkcode SolveOptions.onStatus}. */
  readonly onStatus: (status: StatusResponse) => Promise<void> | undefined;
  /** Told of what the builder asked for, beyond what every build gives. */
  readonly onAccess?: (event: AccessEvent) => void;
  /** Counts what the builder asks for. */
  readonly transfers: TransferLog;
}

/** A run, ready to begin: all that could be checked without a builder is. */
export interface Prepared extends BuildRun {
  readonly inputs: BuildInputs;
  readonly attrs: Record<string, string>;
  readonly logins: LoginRecord;
  /** TLS to token services. */
  readonly tls: ReadonlyMap<string, RegistryTls> | undefined;
  readonly part: BuildPart;
}

/** What a builder made of it. */
export type Made = Pick<BuildResult, "digest" | "imageId" | "names" | "outputs" | "metadata">;

/** The names that an output is to have. */
export function namesOf({ exporter }: PlannedOutput): string[] {
  return exporter?.attrs.get("name")?.split(",") ?? [];
}
