import type { BuildKitClient } from "../../src/client.ts";
import { connect } from "../../src/connect.ts";
import type { World } from "./feature.ts";

/** A client of the builder's BuildKit. */
export async function clientOf(
  { address }: World["on"],
): Promise<AsyncDisposable & { client: BuildKitClient }> {
  if (address !== undefined) {
    const client = connect(address);
    return { client, [Symbol.asyncDispose]: () => client.close() };
  }
  // Only the command has a use for this, so that packages do not export it.
  const { chooseBuilder } = await import("../../src/builder.ts");
  const builder = await chooseBuilder({});
  if (builder.kind === "classic") throw new Error("features are not tried on classic builders");
  return { client: builder.client, [Symbol.asyncDispose]: () => builder.close() };
}
