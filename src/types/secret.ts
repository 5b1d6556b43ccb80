/** Where secrets and keys come from. */

/** A secret's value. A function is called when the builder asks for the secret the first time, once for a build. */
export type SecretSource =
  | string
  | Uint8Array
  | {
    /** A file's path; it is read when the builder asks. */
    file: string | URL;
  }
  | {
    /** A variable of the environment. */
    env: string;
  }
  | ((signal: AbortSignal) => SecretValue | Promise<SecretValue>);

/** What a function answers; undefined for no such secret. */
export type SecretValue = string | Uint8Array | undefined;

/** What answers for an ssh id. */
export type SshSource =
  | {
    /** An agent's socket. @default SSH_AUTH_SOCK's */
    agent?: string;
  }
  | {
    /** Private keys: files' paths, or PEM. They stay here; the builder has signatures made with them. */
    keys: (string | URL)[];
    /** Asked for the passphrase of an encrypted key. @default encrypted keys are refused */
    passphrase?: (key: string, signal: AbortSignal) => string | Promise<string>;
  }
  | {
    /** Any socket: bytes pass as they are, so that the build can do with it whatever its owner lets connections do. */
    socket: string;
    raw: true;
  };
