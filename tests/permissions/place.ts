/** What the rows build with: files, sockets and servers, all of them real, in one folder outside of /dev. */
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { join } from "node:path";
import { build } from "../../src/build.ts";
import { makeCertificates } from "../support/certificates.ts";
import type { TestEnvironment } from "../support/env.ts";
import { commitAll } from "../support/git_repository.ts";
import { runOk } from "../support/process.ts";
import { REGISTRY_LOGIN, startRegistry } from "../support/registry.ts";
import { relay } from "../support/relay.ts";
import { makeKey, startSshAgent } from "../support/ssh_agent.ts";
import { tempFolder } from "../support/temp_folder.ts";

/** Stands in flags and options by its name in capitals, for example `CONTEXT`. */
export type Place = Readonly<Record<string, string>>;

/** Makes it; `close` takes it away. */
export async function makePlace(
  environment: TestEnvironment,
): Promise<{ place: Place; [Symbol.asyncDispose](): Promise<void> }> {
  await using stack = new AsyncDisposableStack();
  const { path } = stack.use(tempFolder());
  const at = (name: string): string => join(path, name);
  const files = (folder: string, content: Record<string, string>): string => {
    mkdirSync(at(folder), { recursive: true });
    for (const [name, text] of Object.entries(content)) writeFileSync(join(at(folder), name), text);
    return at(folder);
  };
  const registry = stack.use(await startRegistry({ tools: environment.tools, auth: true }));
  const agent = stack.use(await startSshAgent());
  const socket = async (name: string, target: string): Promise<string> => {
    stack.use(await relay(createServer(), { path: at(name) }, to(target)));
    return at(name);
  };
  const { ca, server } = await makeCertificates(environment.tools, files("certificates", {}));
  const secure = createTlsServer({
    ...{ cert: readFileSync(server.cert), key: readFileSync(server.key) },
    ALPNProtocols: ["h2"],
  });
  const listen = { port: 0, host: "127.0.0.1" };
  stack.use(await relay(secure, listen, to(environment.address)));
  const context = files("context", { Dockerfile: "FROM scratch\nCOPY a.txt /\n", "a.txt": "a" });
  const key = await makeKey(path, "key");
  await agent.add(key);
  const login = btoa(`${REGISTRY_LOGIN.username}:${REGISTRY_LOGIN.password}`);
  const helper = files("bin", {
    "docker-credential-place": `#!/bin/sh\ncat >/dev/null; echo '${
      JSON.stringify({ Username: REGISTRY_LOGIN.username, Secret: REGISTRY_LOGIN.password })
    }'\n`,
    ssh: `#!/bin/sh\nexec ${environment.tools.buildctl} --addr ${environment.address} dial-stdio\n`,
  });
  for (const name of ["docker-credential-place", "ssh"]) chmodSync(join(helper, name), 0o755);
  const repository = files("repository", {
    Dockerfile: "FROM scratch\nCOPY a.txt /\n",
    "a.txt": "a",
  });
  commitAll(repository);
  const layout = files("layout", {});
  await build({
    address: environment.tcpAddress,
    context: { "a.txt": "a" },
    dockerfile: "FROM scratch\nCOPY a.txt /\n",
    output: { type: "oci", dest: layout, tar: false, names: ["example/layout:latest"] },
  });
  const [engine] = environment.engines.filter(({ native }) => native);
  const owned = {
    "HOST:PORT": new URL(environment.tcpAddress.replace("tcp:", "http:")).host,
    PORT: new URL(environment.tcpAddress.replace("tcp:", "http:")).port,
    SECURE_PORT: String((secure.address() as AddressInfo).port),
    CA: ca,
    SOCKET: await socket("buildkitd.sock", environment.address),
    ENGINE: engine === undefined ? "" : await socket("docker.sock", engine.host),
    BASE: environment.baseImage,
    REGISTRY: registry.host,
    OPEN_REGISTRY: environment.registry,
    CONTEXT: context,
    REPOSITORY: repository,
    DOCKERFILES: files("dockerfiles", { Dockerfile: "FROM scratch\nCOPY a.txt /\n" }),
    IGNORED: at("dockerfiles/Dockerfile.dockerignore"),
    FILE: join(files("secret", { token: "hunter22" }), "token"),
    KEY: key,
    AGENT: agent.socket,
    DOCKER: files("docker", {
      "config.json": JSON.stringify({ auths: { [registry.host]: { auth: login } } }),
    }),
    HELPED: files("helped", {
      "config.json": JSON.stringify({ credHelpers: { [registry.host]: "place" } }),
    }),
    BIN: helper,
    // A child with another home must find what is installed.
    DENO_DIR: await denoFolder(),
    HOME: files("home", {}),
    OUT: files("out", {}),
    CACHE: files("cache", {}),
    LAYOUT: layout,
  };
  const all = stack.move();
  return { place: owned, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

async function denoFolder(): Promise<string> {
  const { stdout } = await runOk(Deno.execPath(), ["info", "--json"]);
  return (JSON.parse(stdout) as { denoDir: string }).denoDir;
}

/** Opens connections to a socket. */
function to(target: string): () => Socket {
  return () => connect(target.replace(/^unix:\/\//, ""));
}
