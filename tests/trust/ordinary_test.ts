import assert from "node:assert/strict";
import { join } from "node:path";
import { build } from "../../src/build.ts";
import type { AccessEvent } from "../../src/types.ts";
import { folderOf } from "../build/support.ts";
import { daemonTest } from "../support/env.ts";

daemonTest("an ordinary build is refused nothing", async ({ address, baseImage, registry }) => {
  await using folder = folderOf({
    "context/a.txt": "a",
    "context/Dockerfile": `FROM ${baseImage}\nCOPY . /\n` +
      "RUN --mount=type=secret,id=token test -s /run/secrets/token\n",
  });
  const warnings: string[] = [];
  const running = build({
    address,
    context: join(folder.path, "context"),
    secrets: { token: "x" },
    tags: [`${registry}/trust/ordinary:1`],
    cacheTo: [{ type: "local", dest: join(folder.path, "cache") }],
    output: [{ type: "local", dest: join(folder.path, "out") }],
    logger: { warn: (line) => warnings.push(line) },
  });
  const events: AccessEvent[] = [];
  for await (const event of running) if (event.type === "access") events.push(event);
  assert.deepEqual(events, []);
  assert.deepEqual(warnings, []);
});

daemonTest(
  "a secret that a step wants and the build lacks is told",
  async ({ address, baseImage }) => {
    const running = build({
      address,
      dockerfile:
        `FROM ${baseImage}\nRUN --mount=type=secret,id=absent ! test -e /run/secrets/absent\n`,
      secrets: { token: "x" },
      noCache: true,
      output: "cacheonly",
    });
    const events: AccessEvent[] = [];
    for await (const event of running) if (event.type === "access") events.push(event);
    const asked = 'the secret "absent"';
    assert.deepEqual(events, [{ type: "access", state: "refused", asked }]);
  },
);
