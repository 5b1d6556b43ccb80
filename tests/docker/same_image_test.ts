/**
 * Cases of the differential suite through the engines: what embedded BuildKit and the classic builder make must be, file for
 * file, what a BuildKit of its own makes, whose image comes into the same store by our own load.
 */
import assert from "node:assert/strict";
import { build } from "../../src/build.ts";
import type { BuildOptions } from "../../src/types.ts";
import { type Case, readCases } from "../differential/case.ts";
import { requestOf } from "../differential/outcome.ts";
import { layOut } from "../differential/setup.ts";
import { describeImage } from "../support/docker_images.ts";
import { engineTest, type TestEngine, type TestEnvironment } from "../support/env.ts";
import { fastParent, tempFolder } from "../support/temp_folder.ts";
import { uniqueName, withVariables } from "./support.ts";

/** Ten cases that need nothing newer than the oldest engine; whether the classic builder means the same by them. */
const CASES: Readonly<Record<string, boolean>> = {
  add_tar: true,
  arg_default_and_override: true,
  // It has root own the folders that WORKDIR makes, whoever is USER.
  config_user_and_workdir: false,
  copy_chown_names: true,
  copy_from_named_stage: true,
  copy_wildcard_star: true,
  dockerfile_in_folder: true,
  // Its COPY loses the setuid and setgid bits.
  modes_of_files: false,
  run_links_and_modes: true,
  symlinks_in_folder: true,
};

/** Cases about what is left out of the context, in which the classic builder must agree with BuildKit. */
const isAboutIgnoring = ({ name, options }: Case) =>
  // Its Dockerfile has a here-document.
  name.startsWith("ignore_") && options.fails === undefined && name !== "ignore_everything";

type Variables = Record<string, string>;

const EMBEDDED: Variables = {};
const CLASSIC: Variables = { MOAT_DISABLE_BUILDKIT: "1" };

for (const test of readCases().filter(({ name }) => Object.hasOwn(CASES, name))) {
  engineTest(`{} makes of ${test.name} what BuildKit makes`, async (engine, environment) => {
    const classic = CASES[test.name] && engine.runsContainers;
    await compare(test, engine, environment, classic ? [EMBEDDED, CLASSIC] : [EMBEDDED]);
  });
}

for (const test of readCases().filter(isAboutIgnoring)) {
  engineTest(
    `{}'s classic builder leaves out of ${test.name} what BuildKit leaves out`,
    (engine, environment) => compare(test, engine, environment, [CLASSIC]),
    ({ containerdStore }) => !containerdStore,
  );
}

async function compare(
  test: Case,
  engine: TestEngine,
  environment: TestEnvironment,
  ways: readonly Variables[],
): Promise<void> {
  await using folder = tempFolder(fastParent());
  await layOut(test, folder.path);
  const options = optionsOf(test, folder.path, environment);
  const standalone = { ...options, address: environment.address };
  const expected = await buildAndDescribe(engine, standalone, {});
  assert(Object.keys(expected).length > 1);
  for (const variables of ways) {
    const actual = await buildAndDescribe(engine, options, variables);
    assert.deepEqual(actual, expected, JSON.stringify(variables));
  }
}

function optionsOf(test: Case, context: string, environment: TestEnvironment): BuildOptions {
  const { dockerfile, setup: _, attrs: _attrs, uncached: _uncached, fails: _fails, ...same } =
    test.options;
  const { buildArgs: { SOURCE_DATE_EPOCH: _epoch, ...buildArgs }, dockerfile: path } = requestOf(
    test,
    context,
    environment,
  );
  return {
    ...{ ...same, context, buildArgs, network: "host" },
    ...(dockerfile === undefined ? {} : { dockerfile: { path } }),
  };
}

async function buildAndDescribe(
  { host }: TestEngine,
  options: BuildOptions,
  variables: Variables,
): Promise<Record<string, string>> {
  const name = uniqueName();
  const output = { type: "docker", load: true } as const;
  await withVariables({ DOCKER_HOST: host, ...variables }, async () => {
    await build({ ...options, tags: [name], output });
  });
  return await describeImage(host, name);
}
