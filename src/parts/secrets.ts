/** The option `secrets`. */
import { CanceledError, OptionError } from "../errors.ts";
import { SecretMask } from "../progress/mask/secret_mask.ts";
import { secretHandlers } from "../session/secrets.ts";
import type { MakePart } from "./part.ts";
import { type OpenSecret, openSecret } from "./secret_source.ts";

/** Serves the secrets of the option; nothing is read before the builder asks, but what can be checked is. */
export const secretsPart: MakePart = ({ secrets = {}, maskSecrets = true }, { env, signal }) => {
  const over = new AbortController();
  const scope = { env, signal: AbortSignal.any([signal, over.signal]) };
  const values = new Map(
    Object.entries(secrets).map(([id, source]) => {
      if (id === "") {
        throw new OptionError("secrets", "an id is empty", '{ token: { env: "TOKEN" } }');
      }
      return [id, openSecret(id, source, scope)];
    }),
  );
  const mask = maskSecrets ? maskOf([...values.values()]) : undefined;
  // A function whose value is no longer waited for should stop, however the build ended.
  const end = () => {
    over.abort(new CanceledError("The build is over"));
    mask?.close();
    return Promise.resolve();
  };
  return {
    ...(mask && { mask }),
    handlers: secretHandlers(async (id) => {
      const value = await values.get(id)?.read();
      if (value !== undefined) mask?.add(value);
      return value;
    }),
    commit: end,
    discard: end,
  };
};

/** The builder may have a step done for another build that asks for the same, so that this one's secret is never asked for. */
function maskOf(secrets: readonly OpenSecret[]): SecretMask {
  return new SecretMask(() =>
    secrets.map(({ peek }) => peek?.()).filter((value) => value !== undefined)
  );
}
