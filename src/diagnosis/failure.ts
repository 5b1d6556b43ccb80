/** What is known of a failed build, and what is made of it. */
import type { FileTree } from "../files/tree.ts";
import type { ErrorDetail, ErrorSource } from "./details.ts";

/**
 * Why a build failed, for programs to act on. Codes are only ever added; `BUILD_FAILED` is for reasons that have none of
 * their own (yet).
 */
export type BuildErrorCode =
  | "BUILD_FAILED"
  /** A file is not what its checksum says. */
  | "CHECKSUM_MISMATCH"
  /** A command of a `RUN` ended with another exit code than 0. */
  | "COMMAND_FAILED"
  /** A command was killed, most often because memory ran out. */
  | "COMMAND_KILLED"
  /** A command is not in the image, or can't be executed. */
  | "COMMAND_NOT_FOUND"
  /** A program is made for another processor. */
  | "COMMAND_WRONG_PLATFORM"
  /** The Dockerfile is malformed. */
  | "DOCKERFILE_INVALID"
  /** What `ADD` downloads, or a context that is a URL, can't be had. */
  | "DOWNLOAD_FAILED"
  /** A step needs a right that the build was not given, or that the builder does not grant. */
  | "ENTITLEMENT_REFUSED"
  /** What reads Dockerfiles in the builder is older than an option needs. */
  | "FRONTEND_TOO_OLD"
  /** The server of a git repository wants a login, or denies this one. */
  | "GIT_DENIED"
  /** There is no such git repository, or in it no such branch, tag, commit or folder. */
  | "GIT_NOT_FOUND"
  /** The builder can't reach the server of a git repository. */
  | "GIT_UNREACHABLE"
  /** A rule of the ignore file is malformed. */
  | "IGNORE_FILE_INVALID"
  /** The registry has no such image, or hides that it has. */
  | "IMAGE_NOT_FOUND"
  /** The image is there, but not for this platform. */
  | "IMAGE_PLATFORM_NOT_FOUND"
  /** The builder's disk is full. */
  | "NO_SPACE"
  /** A source policy denied something. */
  | "POLICY_DENIED"
  /** The registry wants a login, a better one, or denies this one. */
  | "REGISTRY_DENIED"
  /** The registry answered with an error of its own. */
  | "REGISTRY_FAILED"
  /** The registry has had too many requests. */
  | "REGISTRY_RATE_LIMITED"
  /** The builder can't reach the registry. */
  | "REGISTRY_UNREACHABLE"
  /** A step requires a secret that the build was not given. */
  | "SECRET_MISSING"
  /** What a `COPY`, `ADD` or mount names is not there. */
  | "SOURCE_NOT_FOUND"
  /** A step requires an SSH agent or key that the build was not given. */
  | "SSH_MISSING"
  /** The Dockerfile has no such stage. */
  | "STAGE_NOT_FOUND"
  /** The image has no such user. */
  | "USER_NOT_FOUND";

/** What this side knows of a build, for better advice. */
export interface BuildFacts {
  /** By local name: `context`, `dockerfile`. */
  readonly trees: ReadonlyMap<string, FileTree>;
  /** The Dockerfile's name within the `dockerfile` tree. */
  readonly filename: string;
  /** Whether a login was given to the builder for a registry's host. */
  readonly hasLogin: (host: string) => boolean;
}

/** A failure, taken apart. */
export interface Failure {
  /** The daemon's text. */
  readonly message: string;
  /** The step's name, for example `[2/3] RUN make`; empty if none failed. */
  readonly step: string;
  /** The same without its number: `RUN make`. */
  readonly instruction: string;
  readonly exitCode: number | undefined;
  /** The last lines of the step's output. */
  readonly log: readonly string[];
  readonly sources: readonly ErrorSource[];
  readonly details: readonly ErrorDetail[];
  readonly facts: BuildFacts;
}

/** What is made of a failure. */
export interface Diagnosis {
  readonly code: BuildErrorCode;
  /** What is wrong in one line; absent where the daemon says it best. */
  readonly summary?: string;
  /** What to do about it, the likeliest first. Whole sentences. */
  readonly suggestions: readonly string[];
}

/** Recognises one kind of failure; undefined for all others. */
export type Diagnose = (failure: Failure) => Diagnosis | undefined;

/** The facts about a build of which nothing is known. */
export const NO_FACTS: BuildFacts = {
  trees: new Map(),
  filename: "Dockerfile",
  hasLogin: () => false,
};
