/** A private key can't be used; the message goes on from its name. */
export class PrivateKeyError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "PrivateKeyError";
  }
}
