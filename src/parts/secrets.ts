/** The option `secrets`. */
import { CanceledError, OptionError } from "../errors.ts";
import { secretHandlers } from "../session/secrets.ts";
import type { MakePart } from "./part.ts";
import { openSecret } from "./secret_source.ts";

/** Serves the secrets of the option; nothing is read before the builder asks, but what can be checked is. */
export const secretsPart: MakePart = ({ secrets = {} }, { env, signal }) => {
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
  // A function whose value is no longer waited for should stop, however the build ended.
  const end = () => {
    over.abort(new CanceledError("The build is over"));
    return Promise.resolve();
  };
  return {
    handlers: secretHandlers(async (id) => await values.get(id)?.()),
    commit: end,
    discard: end,
  };
};
