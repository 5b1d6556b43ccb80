import type { BuildFunction } from "../../src/gateway/solve.ts";

/** What an ordinary build does, by the gateway. */
export const DOCKERFILE: BuildFunction = (client) =>
  client.solve({ frontend: "dockerfile.v0", attrs: client.attrs });

/** The same, run before it is returned. */
export const EVALUATED: BuildFunction = (client) =>
  client.solve({ frontend: "dockerfile.v0", attrs: client.attrs, evaluate: true });
