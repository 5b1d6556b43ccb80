/** What a build function can ask the gateway. */
import assert from "node:assert/strict";
import { runFrontend } from "../../src/build.ts";
import { BuildError } from "../../src/build_error.ts";
import type { GatewayClient } from "../../src/gateway/client.ts";
import type { BuildOptions } from "../../src/types.ts";
import { daemonTest } from "../support/env.ts";
import { DOCKERFILE } from "./support.ts";

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

daemonTest("GatewayClient knows the build and the builder", async ({ address }) => {
  const building = runFrontend((client) => {
    assert.equal(client.ref, building.ref);
    assert.match(client.sessionId, /^[0-9a-z]{25}$/);
    assert.equal(client.attrs["build-arg:A"], "1");
    assert(client.caps.has("gateway.evaluate"));
    assert(!client.caps.has("nonsense"));
    assert(client.caps.ids().includes("return"));
    assert(client.llbCaps.has("exec.mount.secret"));
    assert.match(client.workers[0]!.platforms[0]!, /^linux\//);
  }, { address, buildArgs: { A: "1" } });
  await building;
});

daemonTest("Reference reads files, folders and links", async ({ address }) => {
  const context = {
    "d/a.txt": { content: "0123456789", mode: 0o640 },
    "d/b.md": "b",
    "d/link": { symlink: "a.txt" },
    "d/e/": "",
  };
  await withResult({ address, context, dockerfile: "FROM scratch\nCOPY . /\n" }, async (client) => {
    const ref = (await DOCKERFILE(client, never))!.ref!;
    assert.equal(text(await ref.readFile("/d/link")), "0123456789");
    assert.equal(text(await ref.readFile("d/a.txt", { offset: 2, length: 3 })), "234");
    assert.equal(text(await ref.readFile("d/a.txt", { offset: 8 })), "89");
    assert.equal((await ref.readFile("d/a.txt", { offset: 20 })).length, 0);
    const names = async (pattern?: string) =>
      (await ref.readDir("d", pattern === undefined ? {} : { pattern })).map(({ name, type }) => [
        name,
        type,
      ]);
    assert.deepEqual(await names(), [
      ["a.txt", "file"],
      ["b.md", "file"],
      ["e", "directory"],
      ["link", "symlink"],
    ]);
    assert.deepEqual(await names("*.md"), [["b.md", "file"]]);
    const { mode, size, type, uid } = await ref.stat("d/a.txt");
    assert.deepEqual({ mode, size, type, uid }, { mode: 0o640, size: 10, type: "file", uid: 0 });
    assert.equal((await ref.readDir("d")).find(({ name }) => name === "link")?.target, "a.txt");
    await assert.rejects(ref.readFile("missing"), BuildError);
  });
});

daemonTest("Reference.readFile() reads files that are larger than a message", async (env) => {
  const big = new Uint8Array((17 << 20) + 5).map((_, i) => i * 7 >> 4);
  const options = {
    address: env.address,
    context: { big },
    dockerfile: "FROM scratch\nCOPY big /\n",
  };
  await withResult(options, async (client) => {
    const ref = (await DOCKERFILE(client, never))!.ref!;
    assert.deepEqual(await ref.readFile("big"), big);
  });
});

daemonTest("Reference.evaluate() runs the steps", async ({ address, baseImage }) => {
  const dockerfile = `FROM ${baseImage}\nRUN exit 7\n`;
  await withResult({ address, dockerfile, network: "none" }, async (client) => {
    const { ref } = await client.solve({ frontend: "dockerfile.v0", attrs: client.attrs });
    await assert.rejects(ref!.evaluate(), (error) => {
      return error instanceof BuildError && error.exitCode === 7;
    });
  });
});

daemonTest("Reference.toDefinition() is an input of another solve", async ({ address }) => {
  const dockerfile =
    "FROM scratch AS one\nCOPY <<END /x\n1\nEND\nFROM other\nCOPY --from=one /x /y\n";
  await withResult({ address, dockerfile }, async (client) => {
    const solve = { frontend: "dockerfile.v0", attrs: { ...client.attrs, target: "one" } };
    const inner = await client.solve(solve);
    const outer = await client.solve({
      frontend: "dockerfile.v0",
      attrs: { ...client.attrs, "context:other": "input:a" },
      inputs: { a: inner.ref!.toDefinition()! },
    });
    assert.equal(text(await outer.ref!.readFile("x")), "1\n");
    assert.equal(text(await outer.ref!.readFile("y")), "1\n");
  });
});

daemonTest("GatewayClient.resolveImageConfig() and resolveSource() look images up", async (env) => {
  const { address, baseImage } = env;
  await withResult({ address }, async (client) => {
    const found = await client.resolveImageConfig(baseImage, { platform: "linux/amd64" });
    assert.match(found.digest, /^sha256:/);
    assert.equal(JSON.parse(text(found.config)).os, "linux");
    const source = await client.resolveSource(`docker-image://${baseImage}`);
    assert.equal(source.image?.digest, found.digest);
  });
});

daemonTest("GatewayClient.inputs() are those of the request", async ({ address }) => {
  await withResult({ address }, async (client) => {
    assert.deepEqual([...await client.inputs()], []);
  });
});

daemonTest("GatewayClient.warn() adds a warning to the progress", async ({ address }) => {
  const dockerfile = "FROM scratch\nCOPY <<END /x\nEND\n";
  const building = runFrontend(async (client) => {
    const result = await client.solve({ frontend: "dockerfile.v0", attrs: client.attrs });
    const vertex = [...result.ref!.toDefinition()!.metadata.keys()].at(-1)!;
    await client.warn("look out", { vertex, detail: ["more"], url: "https://example.com" });
    return result;
  }, { address, dockerfile });
  const warnings = [];
  for await (const event of building) if (event.type === "warning") warnings.push(event);
  assert.equal(warnings[0]?.message, "look out");
});

const never = new AbortController().signal;

/** Runs `test` as a build function; its failure is the build's. */
async function withResult(
  options: BuildOptions,
  test: (client: GatewayClient) => Promise<void>,
): Promise<void> {
  await runFrontend(test, options);
}
