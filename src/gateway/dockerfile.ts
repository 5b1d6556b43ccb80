import type { GatewayClient } from "./client.ts";
import type { GatewayResult } from "./result.ts";

/** Builds what the options say: the build function that does what the daemon does without one. */
export async function buildDockerfile(client: GatewayClient): Promise<GatewayResult> {
  return await client.solve({ frontend: "dockerfile.v0", attrs: client.attrs });
}
