/**
 * Every error a caller can meet. Each class stands for one way to react; `code` is stable and finer than the class.
 */

/** What all errors of this package have in common. */
export abstract class MoatError extends Error {
  /** A stable, upper-case identifier of what went wrong; safe to compare and to log. */
  abstract readonly code: string;

  /** Makes an error with its cause. */
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** An option has a value that cannot work. Thrown before anything is sent. */
export class OptionError extends MoatError {
  /** Always this one. */
  override readonly code = "INVALID_OPTION";
  /** The option's name as the caller wrote it, for example `platforms[1]`. */
  readonly option: string;
  /** What is wrong, showing the value; the message without the option's name and the example. */
  readonly problem: string;

  /** `problem` says what is wrong and shows the value; `example` is a valid one. */
  constructor(option: string, problem: string, example?: string, cause?: unknown) {
    const hint = example === undefined ? "" : ` (for example ${example})`;
    super(`Invalid ${option}: ${problem}${hint}`, cause === undefined ? undefined : { cause });
    this.option = option;
    this.problem = problem;
  }
}

/** Why a builder could not be reached. */
export type ConnectionErrorCode =
  | "COMMAND_FAILED"
  | "COMMAND_NOT_FOUND"
  | "CONNECTION_REFUSED"
  | "CONNECTION_LOST"
  | "CONNECTION_STALLED"
  | "CONNECT_TIMEOUT"
  | "CONTAINER_NOT_FOUND"
  | "CONTAINER_STOPPED"
  | "HOST_NOT_FOUND"
  | "NOT_BUILDKIT"
  | "NOT_ENGINE"
  | "PERMISSION_DENIED"
  | "PERMISSION_MISSING"
  | "SOCKET_NOT_FOUND"
  | "TLS_FAILED"
  | "TLS_REQUIRED"
  | "UNREACHABLE";

/** A builder could not be reached, or the connection to it broke. */
export class ConnectionError extends MoatError {
  /** Why there is no connection. */
  override readonly code: ConnectionErrorCode;
  /** The address that was tried, for example `tcp://buildkit:1234`. */
  readonly address: string;

  /** Makes an error about the builder at `address`. */
  constructor(code: ConnectionErrorCode, address: string, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
    this.address = address;
  }
}

/** The runtime denies something that the build needs: under Deno, a permission is missing. */
export class PermissionError extends MoatError {
  /** Always this one. */
  override readonly code = "PERMISSION_MISSING";
}

/** No builder was named and none could be found. */
export class NoBuilderError extends MoatError {
  /** Always this one. */
  override readonly code = "NO_BUILDER";
}

/** The builder can't do what was asked, most often because it is too old. */
export class UnsupportedError extends MoatError {
  /** Always this one. */
  override readonly code = "UNSUPPORTED_BY_BUILDER";
  /** The name of what it lacks: an option, for example `resources`, or what BuildKit calls it, for example `gateway.warnings`. */
  readonly capability: string;

  /** Makes an error about `capability`. */
  constructor(capability: string, message: string, cause?: unknown) {
    super(message, { cause });
    this.capability = capability;
  }
}

/** What went wrong with a Docker engine. */
export type EngineErrorCode = "ENGINE_NOT_FOUND" | "ENGINE_REFUSED" | "SIDECAR_FAILED";

/** There is no Docker engine where one is needed, or it refused something other than a build. */
export class EngineError extends MoatError {
  /** Why the engine can't do it. */
  override readonly code: EngineErrorCode;

  /** Makes an error about a Docker engine. */
  constructor(code: EngineErrorCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

/** What went wrong with a file of the context or of an export. */
export type FileErrorCode =
  | "FILE_CHANGED"
  | "FILE_NAME_UNSUPPORTED"
  | "FILE_NOT_FOUND"
  | "FILE_UNREADABLE"
  | "FILE_UNWRITABLE"
  | "PATH_ESCAPE"
  | "PERMISSION_MISSING";

/** A file could not be read as it was announced, or not be written. */
export class FileError extends MoatError {
  /** What is wrong with the file. */
  override readonly code: FileErrorCode;
  /** The file's path, as precise as is known. */
  readonly path: string;

  /** Makes an error about the file at `path`. */
  constructor(code: FileErrorCode, path: string, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
    this.path = path;
  }
}

/** The other side broke the protocol. */
export class ProtocolError extends MoatError {
  /** Always this one. */
  override readonly code = "PROTOCOL_VIOLATION";
}

/** Registry credentials could not be read, or a credential helper failed. */
export class CredentialsError extends MoatError {
  /** Always this one. */
  override readonly code = "CREDENTIALS_FAILED";
}

/** Why a secret could not be handed over. */
export type SecretErrorCode = "SECRET_FUNCTION_FAILED" | "SECRET_TOO_LARGE" | "SECRET_UNREADABLE";

/** A secret could not be had when the builder asked for it. No text tells its value; `cause` is what its function threw. */
export class SecretError extends MoatError {
  /** Why there is no secret. */
  override readonly code: SecretErrorCode;
  /** The secret's id. */
  readonly id: string;

  /** Makes an error about the secret `id`. */
  constructor(code: SecretErrorCode, id: string, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
    this.id = id;
  }
}

/** The function of a source policy threw, or gave an answer that can't be. */
export class PolicyError extends MoatError {
  /** Always this one. */
  override readonly code = "POLICY_FUNCTION_FAILED";
  /** The source that it was asked about. */
  readonly source: string;

  /** Makes an error about the question for `source`. */
  constructor(source: string, message: string, cause?: unknown) {
    super(message, { cause });
    this.source = source;
  }
}

/** The function that chooses outputs threw, or chose what can't be; `cause` is what it threw. */
export class OutputError extends MoatError {
  /** Always this one. */
  override readonly code = "OUTPUT_FUNCTION_FAILED";
}

/** The build took longer than its `timeoutMs`. */
export class TimeoutError extends MoatError {
  /** Always this one. */
  override readonly code = "TIMED_OUT";
  /** The limit in milliseconds. */
  readonly timeoutMs: number;

  /** Makes the error of a build that took longer than `timeoutMs`. */
  constructor(timeoutMs: number) {
    super(
      `The build was canceled: it took longer than ${
        timeoutMs / 1000
      } s. Give it more time, or see what it waits for`,
    );
    this.timeoutMs = timeoutMs;
  }
}

/** The build was canceled by its caller; `cause` is the reason given. */
export class CanceledError extends MoatError {
  /** Always this one. */
  override readonly code = "CANCELED";
}
