import { chooseBuilder } from "../../src/builder.ts";
import type { BuildKitClient } from "../../src/client.ts";
import { NoBuilderError } from "../../src/errors.ts";
import type { World } from "./feature.ts";

/** A client of the builder's BuildKit. */
export async function clientOf(
  on: World["on"],
): Promise<AsyncDisposable & { client: BuildKitClient }> {
  const builder = await chooseBuilder(on);
  if (builder.kind !== "classic") {
    const { client } = builder;
    return { client, [Symbol.asyncDispose]: () => builder.close() };
  }
  await builder.close();
  throw new NoBuilderError("the classic builder is none that features are tried on");
}
