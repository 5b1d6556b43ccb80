/**
 * The same builds asked for by buildctl and by us, through a recorder: what goes to the daemon must be the same. `ctl` says all
 * that buildctl says; `build()` says it in one request, so that its meaning is compared.
 */
import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "../../src/build.ts";
import type { SolveRequest } from "../../src/gen/control.ts";
import type { SolveRequest as BridgeSolve } from "../../src/gen/gateway.ts";
import { writeFiles } from "../build/support.ts";
import { runCtl } from "../cli/ctl/support.ts";
import { Buildctl } from "../support/buildctl.ts";
import { daemonTest, type TestEnvironment } from "../support/env.ts";
import { type Recorder, startRecorder } from "../support/recorder/recorder.ts";
import { fastParent, tempFolder } from "../support/temp_folder.ts";
import { CASES, type MessageCase, type Places } from "./messages/cases.ts";
import { type Sent, takeSent } from "./messages/sent.ts";

const FILES = {
  "context/Dockerfile":
    "FROM scratch AS first\nCOPY a.txt /first\nFROM scratch AS last\nCOPY a.txt /last\n",
  "context/a.txt": "a\n",
  "secret": "hush",
  "key": generateKeyPairSync("ed25519").privateKey.export({
    type: "pkcs8",
    format: "pem",
  }) as string,
  "policy.json": JSON.stringify({
    version: 1,
    rules: [{ action: "ALLOW", selector: { identifier: "docker-image://*" } }],
  }),
};

daemonTest("ctl and build() say to the daemon what buildctl says", async (environment, context) => {
  await using folder = tempFolder(fastParent());
  await using recorder = await startRecorder(environment.address);
  const places = await layOut(folder.path, environment);
  for (const item of CASES) {
    await context.step(item.name, () => compare(item, places, recorder, environment));
  }
});

async function compare(
  item: MessageCase,
  places: Places,
  recorder: Recorder,
  { tools }: TestEnvironment,
): Promise<void> {
  recorder.clear();
  const { context } = places;
  const line = [
    ...["build", "--progress", "plain", "--frontend", "dockerfile.v0"],
    ...["--local", `context=${context}`, "--local", `dockerfile=${context}`],
    ...item.flags(places),
  ];
  const theirs = await new Buildctl(tools.buildctl, recorder.address).run(...line);
  assert.equal(theirs.code, item.fails ? 1 : 0, theirs.stderr);
  const go = takeSent(recorder);
  const ours = await runCtl(["--addr", recorder.address, ...line]);
  assert.equal(ours.code, theirs.code, ours.stderr);
  assert.equal(ours.stdout, theirs.stdout);
  assert.equal(errorOf(ours.stderr), errorOf(theirs.stderr));
  assert.deepEqual(takeSent(recorder), go);
  if (item.options === undefined) return;
  const building = build({ address: recorder.address, context, ...item.options(places) });
  if (item.fails) await assert.rejects(building);
  else await building;
  assert.deepEqual(meaning(takeSent(recorder)), meaning(go));
}

function errorOf(text: string): string {
  return text.split("\n").filter((line) => line.startsWith("error:")).join("\n");
}

/** What a build comes to, however it is asked for. */
function meaning({ solve, gateway, session }: Sent): unknown {
  const bridge = gateway.find(([method]) => method === "Solve")?.[1] as BridgeSolve | undefined;
  const attrs = bridge?.frontendOpt ?? solve.frontendAttrs;
  return {
    frontend: bridge?.frontend || solve.frontend || "dockerfile.v0",
    attrs: Object.fromEntries([...solve.frontendAttrs, ...attrs].filter(([key]) => !isOwn(key))),
    cache: normalCache(solve.cache),
    exporters: solve.exporters,
    deprecated: [solve.exporterDeprecated, solve.exporterAttrsDeprecated],
    entitlements: solve.entitlements,
    policy: solve.sourcePolicy,
    proxyNetwork: solve.proxyNetwork,
    internal: solve.internal,
    session,
  };
}

/** `build()` names the Dockerfile that it has found. */
function isOwn(key: string): boolean {
  return key === "filename";
}

/** No caches are the same as empty lists of them. */
function normalCache(cache: SolveRequest["cache"]): unknown {
  return { imports: cache?.imports ?? [], exports: cache?.exports ?? [] };
}

async function layOut(folder: string, environment: TestEnvironment): Promise<Places> {
  const { address, registry } = environment;
  writeFiles(folder, FILES);
  const out = join(folder, "out");
  mkdirSync(out);
  const layout = join(folder, "layout");
  await build({
    address,
    context: { "Dockerfile": "FROM scratch\nCOPY x /x\n", x: "x" },
    output: { type: "oci", tar: false, dest: layout },
  });
  const index = JSON.parse(readFileSync(join(layout, "index.json"), "utf8"));
  return {
    context: join(folder, "context"),
    out,
    registry,
    secret: join(folder, "secret"),
    key: join(folder, "key"),
    policy: join(folder, "policy.json"),
    layout,
    layoutDigest: index.manifests[0].digest,
  };
}
