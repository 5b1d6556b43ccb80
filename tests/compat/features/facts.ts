/** What a result says of itself, and what may go into it. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { build } from "../../../src/build.ts";
import type { BuildOptions } from "../../../src/types.ts";
import { BuildError } from "../../../src/build_error.ts";
import { readFiles } from "../../build/support.ts";
import { tempFolder } from "../../support/temp_folder.ts";
import { Absent, type Feature, NotTried, type World } from "../feature.ts";

const SIMPLE: BuildOptions = { context: { a: "hello" }, dockerfile: "FROM scratch\nCOPY a /\n" };

/** The predicates that are beside a result's files, by their types. */
async function predicates(
  { on }: World,
  options: BuildOptions,
): Promise<Record<string, unknown>> {
  await using out = tempFolder();
  await build({
    ...SIMPLE,
    ...options,
    ...on,
    output: { type: "local", dest: join(out.path, "o") },
  });
  const files = Object.entries(readFiles(join(out.path, "o"))).filter(([name]) =>
    name.endsWith(".json")
  );
  return Object.fromEntries(files.map(([, text]) => {
    const { predicateType, predicate } = JSON.parse(text);
    return [predicateType, predicate];
  }));
}

function attests(what: string, options: (world: World) => BuildOptions, type: string): Feature {
  return {
    group: "attestations",
    what,
    async attempt(world) {
      const found = Object.keys(await predicates(world, options(world)));
      assert(found.some((name) => name.startsWith(type)), `found ${found}`);
    },
  };
}

async function denied(options: BuildOptions): Promise<void> {
  const error = await build({ ...options, output: "cacheonly" }).then(() => undefined, (e) => e);
  if (!(error instanceof BuildError)) throw error ?? new Error("it was built");
  assert.equal(error.code, "POLICY_DENIED", error.message);
}

/** Attestations and policies. */
export const FACT_FEATURES: readonly Feature[] = [
  attests("provenance", () => ({ provenance: "max" }), "https://slsa.dev/provenance/"),
  attests(
    "provenance by SLSA v1",
    () => ({ provenance: { version: "v1" } }),
    "https://slsa.dev/provenance/v1",
  ),
  attests(
    "an SBOM",
    ({ scanner, network }) => {
      if (!network) throw new NotTried();
      return { sbom: { generator: scanner } };
    },
    "https://spdx.dev/Document",
  ),
  {
    group: "attestations",
    what: "provenance in the result's metadata",
    async attempt({ on }) {
      const output = "cacheonly";
      const { metadata } = await build({ ...SIMPLE, ...on, output, metadataProvenance: "max" });
      if (!("buildx.build.provenance" in metadata)) throw new Absent();
    },
  },
  {
    group: "policies",
    what: "rules for sources",
    async attempt({ on, baseImage }) {
      const selector = { identifier: "docker-image://*/moat/base:*" };
      const sourcePolicy = { rules: [{ action: "DENY" as const, selector }] };
      await denied({ ...on, dockerfile: `FROM ${baseImage}\n`, sourcePolicy });
    },
  },
  {
    group: "policies",
    what: "a function that is asked about sources",
    async attempt({ on, baseImage }) {
      await denied({
        ...on,
        dockerfile: `FROM ${baseImage}\n`,
        sourcePolicy: ({ identifier }) => ({
          action: identifier.startsWith("docker-image:") ? "DENY" : "ALLOW",
        }),
      });
    },
  },
];
