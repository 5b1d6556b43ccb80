/** Daemons that die, connections that break, and many builds at once. */
import assert from "node:assert/strict";
import process from "node:process";
import { build } from "../../src/build.ts";
import { BuildError } from "../../src/build_error.ts";
import { connect } from "../../src/connect.ts";
import { ConnectionError } from "../../src/errors.ts";
import { startBuildkitd } from "../support/buildkitd.ts";
import { daemonTest } from "../support/env.ts";
import { startProxy } from "../support/proxy.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { builtFiles, COPY_ALL, folderOf } from "./support.ts";

/** Until an error must have come, in milliseconds; far more than it takes, for slow machines. */
const BOUND_MS = 20_000;

daemonTest(
  "build() that loses its daemon in a step fails soon",
  async ({ tools, baseImage, registry }) => {
    await using daemon = await startBuildkitd({ tools, insecureRegistries: [registry] });
    const dockerfile = `FROM ${baseImage}\nRUN echo begun; sleep 1000\n`;
    const building = build({ address: daemon.address, dockerfile });
    const start = performance.now();
    await assert.rejects(async () => {
      for await (const event of building) {
        if (event.type === "log") process.kill(daemon.pid, "SIGKILL");
      }
    }, (error: unknown) => {
      assert(error instanceof ConnectionError, String(error));
      assert.equal(error.address, daemon.address);
      return true;
    });
    assert(performance.now() - start < BOUND_MS);
  },
);

for (const bytes of [100, 1_000, 10_000, 1_000_000]) {
  daemonTest(`build() fails soon when cut off after ${bytes} bytes`, async ({ tcpAddress }) => {
    await using proxy = await startProxy(tcpAddress);
    await using folder = folderOf({ Dockerfile: COPY_ALL, big: "x".repeat(1 << 24) });
    const held = proxy.holdAfter(bytes);
    const building = build({ address: proxy.address, context: folder.path });
    const outcome = building.then(() => undefined, (error) => error);
    await held;
    const start = performance.now();
    proxy.cut();
    const error = await outcome;
    assert(error instanceof ConnectionError, String(error));
    assert.equal(error.code, "CONNECTION_LOST");
    assert(performance.now() - start < BOUND_MS);
  });
}

daemonTest(
  "build() fails soon when cut off in a stream, and cancels it",
  async ({ tcpAddress }) => {
    await using proxy = await startProxy(tcpAddress);
    let canceled = false;
    // Without an end; what gzip's magic is followed by nobody looks at before the end.
    const context = new ReadableStream<Uint8Array>({
      pull: (controller) =>
        controller.enqueue(new Uint8Array(1 << 16).fill(0x1f, 0, 1).fill(0x8b, 1, 2).fill(8, 2, 3)),
      cancel: () => void (canceled = true),
    });
    const held = proxy.holdAfter(1_000_000);
    const outcome = build({ address: proxy.address, context }).then(
      () => undefined,
      (error) => error,
    );
    await held;
    proxy.cut();
    const error = await outcome;
    assert(error instanceof ConnectionError, String(error));
    assert.equal(error.code, "CONNECTION_LOST");
    assert(canceled);
  },
);

daemonTest("build() works again after the daemon was restarted", async ({ tools }) => {
  await using root = tempFolder("/dev/shm");
  const context = { a: "1" };
  for (const _ of [1, 2]) {
    await using daemon = await startBuildkitd({ tools, root: root.path });
    const { address } = daemon;
    assert.deepEqual(await builtFiles({ address, context, dockerfile: COPY_ALL }), context);
  }
});

daemonTest("32 builds at once all succeed", async ({ address, tcpAddress, baseImage }) => {
  const builds = Array.from({ length: 32 }, async (_, i) => {
    const files = await builtFiles({
      address: i % 2 === 0 ? address : tcpAddress,
      context: { own: `${i}`, same: "x".repeat(100_000) },
      dockerfile: `FROM ${baseImage} AS a\nCOPY own same /c/\nRUN cat /c/own > /read\n` +
        "FROM scratch\nCOPY --from=a /read /\n",
    });
    assert.deepEqual(files, { read: `${i}` });
  });
  await Promise.all(builds);
});

daemonTest("builds at once can share a folder", async ({ address }) => {
  await using folder = folderOf({ Dockerfile: COPY_ALL, a: "1".repeat(1 << 20), "d/b": "2" });
  const all = await Promise.all(
    [1, 2, 3].map((i) => builtFiles({ address, context: folder.path, labels: { i: `${i}` } })),
  );
  for (const files of all) assert.deepEqual(Object.keys(files), ["Dockerfile", "a", "d/b"]);
});

daemonTest("a build that is left does not end one that shares its steps", async (environment) => {
  const { address, baseImage } = environment;
  const id = crypto.randomUUID();
  const shared = `FROM ${baseImage}\nRUN echo begun-${id} && sleep 1\n`;
  const leaving = build({ address, dockerfile: shared });
  const staying = build({ address, dockerfile: shared });
  for await (const event of leaving) if (event.type === "log") break;
  await assert.rejects(leaving);
  await staying;
});

daemonTest("build() by a client without sessions says what is missing", async ({ address }) => {
  await using client = connect(address);
  const attempt = client.solve({ ref: "x".repeat(25), frontend: "dockerfile.v0" });
  await assert.rejects(attempt, /session/);
  assert(!(await attempt.catch((error) => error) instanceof BuildError));
});
