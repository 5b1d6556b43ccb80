/** A builder of the tests' own, with a few builds on record. */
import assert from "node:assert/strict";
import { build } from "../../src/build.ts";
import type { BuildKitClient } from "../../src/client.ts";
import { connect } from "../../src/connect.ts";
import { Buildctl } from "../support/buildctl.ts";
import { startBuildkitd } from "../support/buildkitd.ts";
import type { Tools } from "../support/tools.ts";

/** A builder that nobody else uses: what it has can be removed. */
export interface OwnBuilder extends AsyncDisposable {
  readonly client: BuildKitClient;
  readonly buildctl: Buildctl;
  readonly address: string;
  /** Ids of an image's build and of one that failed, in this order. */
  readonly built: string;
  readonly failed: string;
}

/** Starts a builder and runs two builds on it. */
export async function startOwnBuilder(tools: Tools): Promise<OwnBuilder> {
  await using stack = new AsyncDisposableStack();
  const { address } = stack.use(await startBuildkitd({ tools }));
  const client = stack.use(connect(address));
  const good = build({
    ...{ address, context: { "a.txt": "a" }, tags: ["example.test/a:1"], buildArgs: { A: "1" } },
    dockerfile: "FROM scratch\nCOPY a.txt /\nARG A\n",
    frontendAttrs: { "attest:provenance": "mode=max" },
  });
  await good;
  const bad = build({ address, dockerfile: "FROM scratch\nCOPY nothing /\n" });
  await assert.rejects(bad);
  const owned = stack.move();
  return {
    ...{ client, address, built: good.ref, failed: bad.ref },
    buildctl: new Buildctl(tools.buildctl, address),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Everything that an iterable gives. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
