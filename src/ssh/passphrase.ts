import { PrivateKeyError } from "./private_key_error.ts";

/** Asks for a key's passphrase; undefined where there is nobody to ask. */
export type AskPassphrase = (() => string | Promise<string>) | undefined;

/** The passphrase of an encrypted key. Throws a `PrivateKeyError` if there is nobody to ask. */
export async function askFor(ask: AskPassphrase): Promise<string> {
  if (ask !== undefined) return await ask();
  throw new PrivateKeyError(
    "it is encrypted; add it to an agent (ssh-add) and forward that, or give its passphrase in code",
  );
}
