/** Every way to a real engine: TCP, TLS by variables and by a context, ssh. And a buildkitd of our own. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { build } from "../../src/build.ts";
import { openEngine } from "../../src/docker/engine.ts";
import { engineAddresses } from "../../src/docker/engine_address.ts";
import { ConnectionError } from "../../src/errors.ts";
import type { BuildOptions } from "../../src/types.ts";
import { type Certificates, makeCertificates } from "../support/certificates.ts";
import { docker } from "../support/docker_images.ts";
import { installDocker } from "../support/docker_programs.ts";
import { startDockerd } from "../support/dockerd.ts";
import { daemonTest, type TestEnvironment } from "../support/env.ts";
import { listen } from "../support/listener.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { startSshServer } from "../support/ssh_server.ts";
import { uniqueName, withVariables } from "./support.ts";

type Variables = Record<string, string>;

const IMAGE = { context: { a: "a" }, dockerfile: "FROM scratch\nCOPY a /\n" };

/** A tag that was built with these variables, by each of the two builders and by a load. */
async function buildEveryWay(
  { address }: TestEnvironment,
  host: string,
  variables: Variables,
): Promise<void> {
  const load: BuildOptions = { address, output: { type: "docker", load: true } };
  const ways: Array<[Variables, BuildOptions]> = [
    [{}, {}],
    [{ MOAT_DISABLE_BUILDKIT: "1" }, {}],
    [{}, load],
  ];
  for (const [more, options] of ways) {
    const name = uniqueName();
    await withVariables({ ...variables, ...more }, async () => {
      await build({ ...IMAGE, ...options, tags: [name] });
    });
    await docker(host).getImage(name).inspect();
  }
}

daemonTest("build() reaches an engine by TCP", async (environment) => {
  const [program] = await installDocker(() => {});
  await using dockerd = await startDockerd({ program: program!, tcp: true });
  await buildEveryWay(environment, dockerd.host, { DOCKER_HOST: dockerd.tcpHost });
});

daemonTest("build() reaches an engine by TLS", async (environment) => {
  const { tools } = environment;
  await using folder = tempFolder();
  const certificates = await makeCertificates(tools, folder.path);
  // The newest: it must be told which protocol is meant.
  const program = (await installDocker(() => {})).at(-1)!;
  const { ca, server } = certificates;
  await using dockerd = await startDockerd({ program, tcp: { ca, ...server } });

  await assert.rejects(
    withVariables({ DOCKER_HOST: dockerd.tcpHost }, async () => await build(IMAGE)),
    (error) => error instanceof ConnectionError && error.code === "TLS_REQUIRED",
  );
  const certPath = clientFolder(join(folder.path, "client"), certificates);
  await buildEveryWay(environment, dockerd.host, {
    DOCKER_HOST: dockerd.tcpHost,
    DOCKER_TLS_VERIFY: "1",
    DOCKER_CERT_PATH: certPath,
  });

  const config = join(folder.path, "config");
  const id = createHash("sha256").update("far").digest("hex");
  clientFolder(join(config, "contexts/tls", id, "docker"), certificates);
  mkdirSync(join(config, "contexts/meta", id), { recursive: true });
  const meta = { Name: "far", Metadata: {}, Endpoints: { docker: { Host: dockerd.tcpHost } } };
  writeFileSync(join(config, "contexts/meta", id, "meta.json"), JSON.stringify(meta));
  writeFileSync(join(config, "config.json"), JSON.stringify({ currentContext: "far" }));
  await buildEveryWay(environment, dockerd.host, { DOCKER_CONFIG: config });
});

function clientFolder(path: string, { ca, client }: Certificates): string {
  mkdirSync(path, { recursive: true });
  copyFileSync(ca, join(path, "ca.pem"));
  copyFileSync(client.cert, join(path, "cert.pem"));
  copyFileSync(client.key, join(path, "key.pem"));
  return path;
}

daemonTest(
  "build() reaches an engine by ssh, and leaves no forward behind",
  async (environment) => {
    const { engines } = environment;
    await using server = await startSshServer();
    if (server === undefined) return;
    for (const { host } of engines) {
      const path = host.replace("unix://", "");
      await buildEveryWay(environment, host, {
        DOCKER_HOST: `ssh://root@127.0.0.1:${server.port}${path}`,
        PATH: `${server.clientFolder}:${process.env.PATH}`,
      });
    }
    assert.deepEqual(readdirSync("/tmp").filter((name) => name.startsWith("moat-ssh-")), []);
  },
);

daemonTest("openEngine() says what ssh said when it fails", async () => {
  await using server = await startSshServer();
  if (server === undefined) return;
  const { port, clientFolder } = server;
  await withVariables({ PATH: `${clientFolder}:${process.env.PATH}` }, async () => {
    const [at] = engineAddresses((name) =>
      name === "DOCKER_HOST" ? `ssh://nobody-here@127.0.0.1:${port}` : undefined
    );
    await assert.rejects(openEngine(at!), (error) => {
      assert(error instanceof ConnectionError, String(error));
      assert.match(error.message, /ssh:\/\/nobody-here@.*Permission denied/s);
      return true;
    });
  });
});

daemonTest(
  "build() starts buildkitd from PATH, finds its cache again and stops it",
  async ({ tools }) => {
    await using folder = tempFolder();
    const bin = join(folder.path, "bin");
    mkdirSync(bin);
    copyFileSync(tools.buildkitd, join(bin, "buildkitd"));
    const variables = {
      PATH: `${bin}:${process.env.PATH}`,
      XDG_CACHE_HOME: join(folder.path, "cache"),
    };
    const out = join(folder.path, "out");
    const cached = async () => {
      const names: string[] = [];
      const result = await withVariables(variables, async () => {
        const running = build({ ...IMAGE, output: { type: "local", dest: out } });
        for await (const event of running) {
          if (event.type === "vertex" && event.state === "cached") names.push(event.name);
        }
        return await running;
      });
      assert.deepEqual(result.builder, {
        kind: "standalone",
        address: join(bin, "buildkitd"),
        from: "PATH",
      });
      return names;
    };
    assert.deepEqual(await cached(), []);
    assert(existsSync(join(out, "a")));
    assert.deepEqual(await cached(), ["[1/1] COPY a /"]);
    const alive = readdirSync("/proc").filter((pid) => /^\d+$/.test(pid)).filter((pid) => {
      return commandOf(pid).includes(folder.path);
    });
    assert.deepEqual(alive.map(commandOf), []);
  },
);

function commandOf(pid: string): string {
  try {
    return Deno.readTextFileSync(`/proc/${pid}/cmdline`);
  } catch (error) {
    // It has ended since it was listed.
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}

Deno.test("openEngine() gives up on a server that says nothing", async () => {
  await using server = await listen();
  const [at] = engineAddresses((name) => name === "DOCKER_HOST" ? server.address : undefined);
  await assert.rejects(openEngine(at!, { timeoutMs: 50 }), (error) => {
    assert(error instanceof ConnectionError, String(error));
    assert.equal(error.code, "CONNECT_TIMEOUT");
    return true;
  });
});
