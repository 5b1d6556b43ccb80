/** Many builds on one connection. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CanceledError, OptionError } from "../src/errors.ts";
import { openBuilder } from "../src/shared_builder.ts";
import type { BuildResult } from "../src/types.ts";
import { folderOf, readFiles } from "./build/support.ts";
import { withVariables } from "./docker/support.ts";
import { daemonTest, engineTest } from "./support/env.ts";
import { tempFolder } from "./support/temp_folder.ts";

const sent = (results: readonly BuildResult[]) =>
  results.flatMap(({ transfers }) => transfers).reduce((sum, { bytes }) => sum + bytes, 0);

daemonTest("SharedBuilder has one folder read once for builds at a time", async ({ address }) => {
  const big = crypto.randomUUID().repeat(1_000);
  const dockerfile =
    "FROM scratch AS base\nCOPY big /\nFROM base AS a\nLABEL a=1\nFROM base AS b\n";
  await using folder = folderOf({ Dockerfile: dockerfile, big });
  await using builder = await openBuilder({ address });
  const results = await Promise.all(["a", "b"].map((target) => {
    return builder.build({ context: folder.path, target });
  }));
  const bytes = sent(results);
  assert(bytes >= big.length && bytes < 2 * big.length, String(bytes));
});

daemonTest("SharedBuilder sees files that change between builds", async ({ address }) => {
  await using folder = folderOf({ Dockerfile: "FROM scratch\nCOPY a /\n", a: "1" });
  await using out = tempFolder();
  await using builder = await openBuilder({ address });
  for (const content of ["one", "two", "3"]) {
    writeFileSync(join(folder.path, "a"), content);
    const output = { type: "local", dest: out.path } as const;
    await builder.build({ context: folder.path, output });
    assert.deepEqual(readFiles(out.path), { a: content });
  }
});

daemonTest("SharedBuilder keeps 32 builds at once apart", async ({ address, baseImage }) => {
  await using out = tempFolder();
  await using builder = await openBuilder({ address });
  const ids = Array.from({ length: 32 }, (_, i) => String(i));
  await Promise.all(ids.map((id) =>
    builder.build({
      context: { id },
      // Each has a secret of the same name with a value of its own.
      dockerfile: Number(id) < 2
        ? `FROM ${baseImage} AS run\nRUN --mount=type=secret,id=s : ${id}; cp /run/secrets/s /s\n` +
          "FROM scratch\nCOPY --from=run /s /s\nCOPY id /\n"
        : "FROM scratch\nCOPY id /\n",
      noCache: Number(id) < 2,
      network: "none",
      secrets: { s: `secret ${id}` },
      output: { type: "local", dest: join(out.path, id) },
    })
  ));
  for (const id of ids) {
    const secret = Number(id) < 2 ? { s: `secret ${id}` } : {};
    assert.deepEqual(readFiles(join(out.path, id)), { id, ...secret });
  }
});

daemonTest("SharedBuilder keeps the bytes of builds at once apart", async ({ address }) => {
  await using folder = tempFolder();
  await using builder = await openBuilder({ address });
  const sizes = [12 << 20, ...Array.from({ length: 60 }, (_, i) => i * 1_499)];
  await Promise.all([0, 1, 2, 3, 4, 5].map(async (id) => {
    const [context, dest] = ["in", "out"].map((name) => join(folder.path, `${name}${id}`));
    mkdirSync(context!);
    for (const size of sizes) writeFileSync(join(context!, `${size}`), randomBytes(size));
    const dockerfile = "FROM scratch\nCOPY . /\n";
    await builder.build({ context: context!, dockerfile, output: { type: "local", dest: dest! } });
    for (const size of sizes) {
      const [sent, received] = [context!, dest!].map((place) =>
        readFileSync(join(place, `${size}`))
      );
      assert(sent!.equals(received!), `${size} bytes of build ${id}`);
    }
  }));
});

daemonTest("SharedBuilder goes on when one of the builds fails", async ({ address }) => {
  await using folder = folderOf({
    Dockerfile: "FROM scratch AS a\nCOPY b /\nFROM scratch AS b\nCOPY Dockerfile /\n",
  });
  await using builder = await openBuilder({ address });
  const [failed, made, canceled] = ["a", "b", "b"].map((target) => {
    return builder.build({ context: folder.path, target });
  });
  canceled!.cancel();
  await assert.rejects(canceled!, CanceledError);
  await assert.rejects(failed!, { code: "SOURCE_NOT_FOUND" });
  assert.equal((await made!).builder.address, address);
});

daemonTest("SharedBuilder.runFrontend() runs a function", async ({ address }) => {
  await using builder = await openBuilder({ address });
  let workers = 0;
  await builder.runFrontend((client) => void (workers = client.workers.length));
  assert.equal(workers, 1);
});

daemonTest("SharedBuilder.close() cancels what runs", async ({ address }) => {
  const builder = await openBuilder({ address });
  const building = builder.runFrontend(() => {
    void builder.close();
    return new Promise<void>(() => {});
  });
  await assert.rejects(building, /its builder was closed/);
  await builder.close();
  assert.throws(() => builder.build(), CanceledError);
});

daemonTest("SharedBuilder.build() takes no other builder", async ({ address }) => {
  await using builder = await openBuilder({ address });
  const options = { address } as object;
  assert.throws(() => builder.build(options), OptionError);
});

engineTest("SharedBuilder builds on {}", async ({ host }) => {
  await withVariables({ DOCKER_HOST: host }, async () => {
    await using folder = folderOf({ Dockerfile: "FROM scratch\nCOPY a /\n", a: "1" });
    await using builder = await openBuilder();
    assert.equal(builder.info.kind, "embedded");
    const results = await Promise.all([1, 2].map((n) => {
      return builder.build({ context: folder.path, labels: { n: String(n) } });
    }));
    assert.notEqual(results[0]!.imageId, results[1]!.imageId);
  });
});
