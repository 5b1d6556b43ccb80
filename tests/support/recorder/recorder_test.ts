import assert from "node:assert/strict";
import { build } from "../../../src/build.ts";
import { connect } from "../../../src/connect.ts";
import type { SolveRequest } from "../../../src/gen/control.ts";
import type { SolveRequest as BridgeSolveRequest } from "../../../src/gen/gateway.ts";
import { COPY_ALL, folderOf } from "../../build/support.ts";
import { Buildctl } from "../buildctl.ts";
import { daemonTest } from "../env.ts";
import { listen } from "../listener.ts";
import { startRecorder } from "./recorder.ts";

daemonTest("startRecorder() records the calls of buildctl", async ({ address, tools }) => {
  await using recorder = await startRecorder(address);
  await using folder = folderOf({ Dockerfile: COPY_ALL, "a.txt": "a" });
  const { code, stderr } = await new Buildctl(tools.buildctl, recorder.address).build(
    ...["--frontend", "dockerfile.v0", "--opt", "build-arg:A=b"],
    ...["--local", `context=${folder.path}`, "--local", `dockerfile=${folder.path}`],
    ...["--output", "type=image"],
  );
  assert.equal(code, 0, stderr);
  const names = recorder.calls.map(({ path }) => path.split("/").at(-1));
  for (const name of ["ListWorkers", "Session", "Status", "Ping", "Return"]) {
    assert.ok(names.includes(name), `${name} is not among ${names}`);
  }
  const [solve] = recorder.callsOf("Control/Solve");
  const [request] = solve!.requests as SolveRequest[];
  assert.equal(request!.frontend, "");
  assert.equal(request!.frontendAttrs.get("build-arg:A"), "b");
  assert.deepEqual(solve!.status, { code: 0, message: "" });
  const [bridge] = recorder.callsOf("LLBBridge/Solve");
  assert.deepEqual(bridge!.metadata.filter(([key]) => key === "buildkit-controlapi-buildid"), [
    ["buildkit-controlapi-buildid", request!.ref],
  ]);
  assert.equal((bridge!.requests as BridgeSolveRequest[])[0]!.frontend, "dockerfile.v0");
});

daemonTest("startRecorder() records our calls, and the daemon's in the session", async ({
  tcpAddress,
}) => {
  await using recorder = await startRecorder(tcpAddress);
  await build({
    address: recorder.address,
    context: { Dockerfile: COPY_ALL, "big.bin": new Uint8Array(3 << 20) },
    tags: ["moat.example/recorded"],
    noCache: true,
  });
  const [solve] = recorder.callsOf("Control/Solve");
  const [request] = solve!.requests as SolveRequest[];
  assert.equal(request!.exporters[0]!.attrs.get("name"), "moat.example/recorded:latest");
  assert.equal(solve!.responses.length, 1);
  const [session] = recorder.callsOf("Control/Session");
  const synced = session!.inner.filter(({ path }) => path.endsWith("FileSync/DiffCopy"));
  const bytes = synced.reduce((sum, { received }) => sum + received.bytes, 0);
  assert.ok(bytes > 3 << 20, `${bytes} bytes of the context are recorded`);
  assert.deepEqual(synced.map(({ requests, responses }) => [...requests, ...responses]).flat(), []);
});

daemonTest("startRecorder() changes nothing that goes through it", async ({ address, tools }) => {
  await using recorder = await startRecorder(address);
  const direct = await new Buildctl(tools.buildctl, address).run("debug", "workers");
  const recorded = await new Buildctl(tools.buildctl, recorder.address).run("debug", "workers");
  assert.deepEqual(recorded, direct);
  await using client = connect(recorder.address);
  await using plain = connect(address);
  assert.deepEqual(await client.ping(), await plain.ping());
  recorder.clear();
  assert.deepEqual(recorder.calls, []);
});

Deno.test("startRecorder() says of what is not gRPC that it is not", async () => {
  await using server = await listen((socket) => socket.end("220 mail.example ESMTP\r\n"));
  await using recorder = await startRecorder(server.address);
  await using client = connect(recorder.address);
  await assert.rejects(client.ping());
  assert.throws(() => recorder.calls, /HTTP\/2/);
});

daemonTest("startRecorder() records how a call failed", async ({ address, tools }) => {
  await using recorder = await startRecorder(address);
  const digest = `sha256:${"0".repeat(64)}`;
  await new Buildctl(tools.buildctl, recorder.address).run("debug", "get", digest);
  const failed = recorder.calls.filter(({ status }) => status?.code === 5);
  assert.equal(failed.length, 1);
});
