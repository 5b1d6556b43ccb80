/** Everything a test run needs, started in order and stopped in the reverse one. */
import { pushBaseImage } from "./base_image.ts";
import { startBuildkitd } from "./buildkitd.ts";
import type { TestEnvironment } from "./env.ts";
import { startRegistry } from "./registry.ts";
import { installTools } from "./tools.ts";

/** Running servers. */
export interface Servers extends AsyncDisposable {
  readonly environment: TestEnvironment;
}

/** Installs what is missing and starts a registry and two builders. */
export async function startServers(
  say: (line: string) => void = console.error,
): Promise<Servers> {
  await using stack = new AsyncDisposableStack();
  const tools = await installTools(say);
  const registry = stack.use(await startRegistry({ tools }));
  const insecureRegistries = [registry.host];
  const builder = stack.use(await startBuildkitd({ tools, tcp: true, insecureRegistries }));
  const peer = stack.use(await startBuildkitd({ tools, insecureRegistries }));
  const baseImage = await pushBaseImage({
    tools,
    address: builder.address,
    registry: registry.host,
  });
  const environment = {
    address: builder.address,
    tcpAddress: builder.tcpAddress,
    peerAddress: peer.address,
    registry: registry.host,
    baseImage,
    tools,
  };
  const owned = stack.move();
  return { environment, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
