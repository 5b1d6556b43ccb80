/** Whatever stops answering, the build ends with an error that says so, and leaves nothing half-built. */
import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { build } from "../../src/build.ts";
import { connect } from "../../src/connect.ts";
import { ConnectionError, type ConnectionErrorCode, TimeoutError } from "../../src/errors.ts";
import type { BuildOptions } from "../../src/types.ts";
import { type Buildkitd, startBuildkitd } from "../support/buildkitd.ts";
import { daemonTest } from "../support/env.ts";
import { tempFolder } from "../support/temp_folder.ts";

/** What the ending may take on top of the limit that ends it; far more than it takes, for slow machines. */
const SLACK_MS = 12_000;

/** Expects this rejection within `limitMs` and some slack. */
async function expectEnd(
  work: Promise<unknown>,
  limitMs: number,
  check: (error: unknown) => void,
): Promise<void> {
  const start = performance.now();
  const error = await work.then(() => "it resolved", (error) => error);
  check(error);
  const took = performance.now() - start;
  assert(took < limitMs + SLACK_MS, `took ${took} ms`);
}

function expectConnectionError(code: ConnectionErrorCode, address: string) {
  return (error: unknown) => {
    assert(error instanceof ConnectionError, String(error));
    assert.equal(error.code, code, error.message);
    assert.equal(error.address, address);
    assert(error.message.includes(address));
  };
}

/** Runs `work` with the daemon stopped as a frozen machine would be. */
async function frozen(daemon: Buildkitd, work: () => Promise<void>): Promise<void> {
  process.kill(daemon.pid, "SIGSTOP");
  try {
    await work();
  } finally {
    process.kill(daemon.pid, "SIGCONT");
  }
}

/** Starts a build and waits until its step runs. */
async function running(options: BuildOptions): Promise<{ outcome: Promise<unknown> }> {
  const building = build(options);
  const outcome = Promise.resolve(building);
  outcome.catch(() => {});
  for await (const { logs } of building.statuses()) if (logs.length > 0) break;
  return { outcome };
}

daemonTest("a daemon that freezes", async ({ tools, baseImage, registry }, context) => {
  await using daemon = await startBuildkitd({ tools, insecureRegistries: [registry] });
  const { address } = daemon;
  const dockerfile = `FROM ${baseImage}\nRUN echo begun; sleep 1000\n`;

  await context.step("in a step: build() says that it stalled", async () => {
    const stallTimeoutMs = 2_000;
    const { outcome } = await running({ address, dockerfile, stallTimeoutMs });
    await frozen(daemon, async () => {
      await expectEnd(
        outcome,
        stallTimeoutMs,
        expectConnectionError("CONNECTION_STALLED", address),
      );
    });
  });

  await context.step("before the build: build() says that nothing comes", async () => {
    await frozen(daemon, async () => {
      const stallTimeoutMs = 2_000;
      const attempt = Promise.resolve(build({ address, dockerfile, stallTimeoutMs }));
      await expectEnd(attempt, stallTimeoutMs, expectConnectionError("CONNECT_TIMEOUT", address));
    });
  });

  await context.step("on an open connection: ping() keeps to its limit", async () => {
    await using client = connect(address);
    await client.ping();
    await frozen(daemon, async () => {
      await expectEnd(client.ping({ timeoutMs: 500 }), 500, (error) => {
        assert.match(String(error), /within 500 ms/);
      });
    });
  });

  await context.step("and goes on: the next build works", async () => {
    const { digest } = await build({ address, dockerfile: `FROM ${baseImage}\n`, tags: ["a"] });
    assert.match(digest ?? "", /^sha256:/);
  });
});

daemonTest("a daemon that is killed leaves no archive behind", async ({ tools }) => {
  await using folder = tempFolder();
  await using daemon = await startBuildkitd({ tools });
  const { address } = daemon;
  const file = new Uint8Array(32 << 20);
  for (let at = 0; at < file.length; at += 1 << 16) {
    crypto.getRandomValues(file.subarray(at, at + (1 << 16)));
  }
  const dest = join(folder.path, "image.tar");
  const output = { type: "oci", dest } as const;
  const building = build({
    address,
    dockerfile: "FROM scratch\nCOPY . /\n",
    context: { file },
    output,
  });
  const outcome = building.then(() => "built", (error) => error);
  for await (const { vertexes } of building.statuses()) {
    const exporting = vertexes.some(({ name, started }) => name.startsWith("exporting") && started);
    if (exporting) break;
  }
  process.kill(daemon.pid, "SIGKILL");
  const error = await outcome;
  assert(error instanceof ConnectionError, String(error));
  assert.deepEqual(readdirSync(folder.path), []);
});

daemonTest(
  "a step that says nothing for long is no stall",
  async ({ address, baseImage }) => {
    // The daemon asks for the session's health every five seconds.
    const dockerfile = `FROM ${baseImage}\nRUN sleep 9 # ${crypto.randomUUID()}\n`;
    await build({ address, dockerfile, stallTimeoutMs: 7_000 });
  },
);

daemonTest("a build that takes too long", async ({ address, baseImage }) => {
  const dockerfile = `FROM ${baseImage}\nRUN sleep 1000\n`;
  await expectEnd(Promise.resolve(build({ address, dockerfile, timeoutMs: 700 })), 700, (error) => {
    assert(error instanceof TimeoutError, String(error));
    assert.equal(error.timeoutMs, 700);
    assert.equal(error.code, "TIMED_OUT");
  });
});

daemonTest("a build whose output nobody reads", async ({ address }) => {
  let reason: unknown;
  const dest = new WritableStream<Uint8Array>({
    write: (_, controller) => {
      controller.signal.addEventListener("abort", () => reason = controller.signal.reason);
      return new Promise(() => {});
    },
  });
  const options: BuildOptions = {
    address,
    dockerfile: "FROM scratch\nCOPY . /\n",
    context: { big: "x".repeat(1 << 24) },
    output: { type: "tar", dest },
    timeoutMs: 1_500,
  };
  await expectEnd(Promise.resolve(build(options)), 1_500, (error) => {
    assert(error instanceof TimeoutError, String(error));
    assert.equal(reason, error);
  });
});

daemonTest("a build with limits that are no limits", async ({ address }) => {
  await using folder = tempFolder();
  const dest = join(folder.path, "out.tar");
  await build({
    address,
    dockerfile: "FROM scratch\nCOPY a /\n",
    context: { a: "a" },
    output: { type: "tar", dest },
    timeoutMs: 2 ** 40,
    stallTimeoutMs: Infinity,
  });
  assert(existsSync(dest));
});
