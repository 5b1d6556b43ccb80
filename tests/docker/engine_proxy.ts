/** A real engine behind a door that lets everything through but what leads to its BuildKit, as an engine without one answers. */
import { connect, createServer, type Socket } from "node:net";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { tempFolder } from "../support/temp_folder.ts";

/** The door. */
export interface EngineProxy extends AsyncDisposable {
  /** As in DOCKER_HOST. */
  readonly host: string;
}

const NOT_FOUND =
  "HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\nContent-Length: 29\r\n\r\n" +
  '{"message":"page not found"}\n';

/** Opens the door to the engine at `host`. */
export async function withoutBuildKit(host: string): Promise<EngineProxy> {
  const folder = tempFolder();
  const path = join(folder.path, "docker.sock");
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    near.once("data", (first: Uint8Array) => {
      if (/^(?:POST \/(?:grpc|session) |PRI )/.test(new TextDecoder().decode(first))) {
        near.end(NOT_FOUND);
        return;
      }
      const far = connect({ path: host.replace("unix://", "") });
      sockets.add(far);
      far.write(first);
      near.pipe(far).pipe(near);
      far.on("error", () => near.destroy());
      near.on("close", () => far.destroy());
    });
    sockets.add(near);
    near.on("error", () => near.destroy());
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return {
    host: `unix://${path}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder.path, { recursive: true, force: true });
    },
  };
}
