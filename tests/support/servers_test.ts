import assert from "node:assert/strict";
import { Buildctl } from "./buildctl.ts";
import { startBuildkitd } from "./buildkitd.ts";
import { makeCertificates } from "./certificates.ts";
import { daemonTest } from "./env.ts";
import { run } from "./process.ts";
import { REGISTRY_LOGIN, startRegistry } from "./registry.ts";
import { tempFolder } from "./temp_folder.ts";

daemonTest("daemonTest() hands out two builders that answer", async (environment) => {
  for (const address of [environment.address, environment.tcpAddress, environment.peerAddress]) {
    const answer = await new Buildctl(environment.tools.buildctl, address).run("debug", "info");
    assert.match(answer.stdout, /BuildKit: .* v0\.34\.2/);
  }
});

daemonTest("startBuildkitd() wants a client's certificate with tls.ca", async ({ tools }) => {
  await using folder = tempFolder();
  const { ca, server, client } = await makeCertificates(tools, folder.path);
  await using daemon = await startBuildkitd({ tools, tls: { ...server, ca } });
  const flags = ["--addr", daemon.address, "--tlscacert", ca];
  const clientFlags = ["--tlscert", client.cert, "--tlskey", client.key];
  const refused = await run(tools.buildctl, [...flags, "debug", "info"]);
  assert.notEqual(refused.code, 0);
  const answered = await run(tools.buildctl, [...flags, ...clientFlags, "debug", "info"]);
  assert.match(answered.stdout, /BuildKit: /, answered.stderr);
});

daemonTest("startBuildkitd() shows the log of a daemon that cannot start", async ({ tools }) => {
  await assert.rejects(
    startBuildkitd({ tools, extraArgs: ["--oci-worker-snapshotter", "no-such-thing"] }),
    /buildkitd ended before it served.*no-such-thing/s,
  );
});

daemonTest("startRegistry() with auth lets the login in and nobody else", async ({ tools }) => {
  await using registry = await startRegistry({ tools, auth: true });
  const { username, password } = REGISTRY_LOGIN;
  const status = async (headers: Record<string, string>) => {
    const answer = await fetch(`http://${registry.host}/v2/`, { headers });
    await answer.body?.cancel();
    return answer.status;
  };
  assert.equal(await status({}), 401);
  assert.equal(await status({ authorization: `Basic ${btoa(`${username}:${password}`)}` }), 200);
});
