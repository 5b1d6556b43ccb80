/** The handle that `build()` returns: events, cancelling, and who hears of a failure. */
import assert from "node:assert/strict";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { build } from "../../src/build.ts";
import { BuildError } from "../../src/build_error.ts";
import { CanceledError, OptionError } from "../../src/errors.ts";
import type { BuildOptions } from "../../src/types.ts";
import { Buildctl } from "../support/buildctl.ts";
import { daemonTest, type TestEnvironment } from "../support/env.ts";
import { run } from "../support/process.ts";

const FAILING = "FROM scratch\nCOPY missing /\n";
const SIMPLE = "FROM scratch\nCOPY <<END /x\nEND\n";

/** A step that says when it has begun and would go on for long. */
function sleeping({ address, baseImage }: TestEnvironment): BuildOptions {
  const dockerfile = `FROM ${baseImage}\nRUN echo begun-${crypto.randomUUID()}; sleep 1000\n`;
  return { address, dockerfile };
}

/** Waits until the step has begun, without being the loop that counts. */
async function begun(building: ReturnType<typeof build>): Promise<void> {
  for await (const { logs } of building.statuses()) {
    if (logs.some(({ msg }) => new TextDecoder().decode(msg).includes("begun-"))) return;
  }
  assert.fail("the build ended");
}

/** How a build ended, as the daemon's history has it. */
async function recordOf({ address, tools }: TestEnvironment, ref: string): Promise<string> {
  const { stdout } = await new Buildctl(tools.buildctl, address)
    .run("debug", "histories", "--format", "{{json .}}");
  return stdout.split("\n").find((line) => line.includes(ref)) ?? "";
}

daemonTest("build() tells events and then has its result", async ({ address }) => {
  const building = build({ address, dockerfile: SIMPLE, noCache: true });
  const names = new Set<string>();
  const states = new Set<string>();
  for await (const event of building) {
    if (event.type !== "vertex") continue;
    names.add(event.name);
    states.add(event.state);
  }
  assert(names.has("[internal] load build definition from Dockerfile"));
  assert(states.has("started") && states.has("completed"));
  assert.equal((await building).ref, building.ref);
});

daemonTest("build() can be iterated by several loops", async ({ address }) => {
  const building = build({ address, dockerfile: SIMPLE });
  const counts = await Promise.all([0, 1].map(async () => {
    let count = 0;
    for await (const _ of building) count++;
    return count;
  }));
  assert(counts[0]! > 0);
  assert.equal(counts[0], counts[1]);
  for await (const _ of building) assert.fail("a loop that comes late has nothing to tell");
});

daemonTest("build() ends its loop with the error that failed it", async ({ address }) => {
  const seen: string[] = [];
  const building = build({ address, dockerfile: FAILING });
  await assert.rejects(async () => {
    for await (const event of building) if (event.type === "vertex") seen.push(event.state);
  }, BuildError);
  assert(seen.includes("error"));
  await assert.rejects(building, BuildError);
});

Deno.test("build() ends its loop with an option's error", async () => {
  await assert.rejects(async () => {
    for await (const _ of build({ platforms: ["?"] })) assert.fail();
  }, OptionError);
});

daemonTest("build() is canceled by leaving its loop", async (environment) => {
  const building = build(sleeping(environment));
  for await (const event of building) {
    if (event.type === "log") break;
  }
  await assert.rejects(building, CanceledError);
  assert.match(await recordOf(environment, building.ref), /cancel/i);
});

daemonTest("build() passes an error of the loop on and is canceled", async (environment) => {
  const building = build(sleeping(environment));
  await assert.rejects(async () => {
    for await (const event of building) if (event.type === "log") throw new Error("mine");
  }, /^Error: mine$/);
  await assert.rejects(building, CanceledError);
});

daemonTest("build() is canceled at the end of its block", async (environment) => {
  const outer = await (async () => {
    await using building = build(sleeping(environment));
    building.catch(() => {});
    await begun(building);
    return { result: building.then(() => "built", (error) => (error as Error).name) };
  })();
  assert.equal(await outer.result, "CanceledError");
});

daemonTest("build() that is done is not hurt by the end of its block", async ({ address }) => {
  await using building = build({ address, dockerfile: SIMPLE });
  const { ref } = await building;
  building.cancel();
  assert.equal((await building).ref, ref);
});

daemonTest("build() leaves its status alone", async ({ address }) => {
  const building = build({ address, dockerfile: SIMPLE });
  for await (const _ of building.statuses()) break;
  assert.equal((await building).ref, building.ref);
});

const REASON = new Error("my reason");

Deno.test("build() with an aborted signal rejects with its reason", async () => {
  const options = { address: "tcp://127.0.0.1:1", dockerfile: SIMPLE };
  const signal = AbortSignal.abort(REASON);
  await assert.rejects(build({ ...options, signal }), (error) => error === REASON);
});

Deno.test("build() that is canceled at once does not begin", async () => {
  const building = build({ address: "tcp://127.0.0.1:1", dockerfile: SIMPLE });
  building.cancel(REASON);
  await assert.rejects(building, (error) => error === REASON);
});

Deno.test("build() aborted while it reads a stream rejects with the reason", async () => {
  const controller = new AbortController();
  let stopped = false;
  const endless = new ReadableStream<Uint8Array>({
    pull: () => controller.abort(REASON),
    cancel: () => void (stopped = true),
  }, { highWaterMark: 0 });
  const context = { Dockerfile: SIMPLE, endless };
  const address = "tcp://127.0.0.1:1";
  await assert.rejects(
    build({ address, context, signal: controller.signal }),
    (error) => error === REASON,
  );
  assert(stopped);
});

daemonTest("build() aborted in a step rejects with the reason", async (environment) => {
  const controller = new AbortController();
  const building = build({ ...sleeping(environment), signal: controller.signal });
  building.catch(() => {});
  await begun(building);
  controller.abort(REASON);
  await assert.rejects(building, (error) => error === REASON);
  assert.match(await recordOf(environment, building.ref), /cancel/i);
});

daemonTest("build() can be aborted at any moment", async ({ address }) => {
  const context = { f: "x".repeat(1 << 22), g: crypto.randomUUID() };
  const dockerfile = "FROM scratch\nCOPY . /\n";
  for (const turns of [0, 1, 2, 4, 8, 16, 32, 64, 128]) {
    const controller = new AbortController();
    const building = build({ address, context, dockerfile, signal: controller.signal });
    const outcome = building.then(() => "built", (error) => error);
    for (let i = 0; i < turns; i++) await new Promise((resolve) => setImmediate(resolve));
    controller.abort(REASON);
    const ended = await outcome;
    assert(ended === REASON || ended === "built", String(ended));
  }
});

daemonTest("BuildError knows the exit code and the lines", async ({ address, baseImage }) => {
  const dockerfile = `FROM ${baseImage}\n\nRUN true && \\\n  exit 42\n`;
  await assert.rejects(build({ address, dockerfile }), (error: unknown) => {
    assert(error instanceof BuildError);
    assert.equal(error.exitCode, 42);
    assert.match(error.message, /exit code: 42/);
    assert.match(error.vertex ?? "", /^sha256:/);
    assert.equal(error.sources.length, 1);
    const [source] = error.sources;
    assert.equal(source?.filename, "Dockerfile");
    assert.equal(source?.lines.slice(0, 4).join("\n"), dockerfile.trimEnd());
    assert.deepEqual(source?.ranges, [{ start: 3, end: 3 }, { start: 4, end: 4 }]);
    return true;
  });
});

daemonTest("BuildError shows a syntax error's line", async ({ address }) => {
  await assert.rejects(
    build({ address, dockerfile: "FROM scratch\nCOPPY a b\n" }),
    (error: unknown) => {
      assert(error instanceof BuildError);
      assert.match(error.message, /unknown instruction: COPPY/);
      assert.deepEqual(error.sources[0]?.ranges[0], { start: 2, end: 2 });
      assert.equal(error.exitCode, undefined);
      return true;
    },
  );
});

const MODULE = new URL("../../src/build.ts", import.meta.url).href;

/** Runs a program that has `address`, `build` and a failing Dockerfile. */
function program(address: string, text: string): ReturnType<typeof run> {
  const code = `import { build } from "${MODULE}";
    const options = { address: "${address}", dockerfile: ${JSON.stringify(FAILING)} };
    ${text}`;
  const config = fileURLToPath(new URL("../../deno.json", import.meta.url));
  return run(process.execPath, ["eval", "--no-check", "--config", config, "--ext=ts", code]);
}

daemonTest("build() that fails with nobody listening ends the program", async ({ address }) => {
  const { code, stderr } = await program(address, "build(options);");
  assert.equal(code, 1);
  assert.match(stderr, /Uncaught.*BuildError: .*missing/);
});

daemonTest("build() that fails in its loop is reported by the loop alone", async ({ address }) => {
  const { code, stdout, stderr } = await program(
    address,
    "try { for await (const _ of build(options)); } catch (error) { console.log(error.name); }" +
      "await new Promise((resolve) => setTimeout(resolve, 50)); console.log('alive');",
  );
  assert.equal(code, 0, stderr);
  assert.equal(stdout, "BuildError\nalive\n");
});
