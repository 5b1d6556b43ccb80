/**
 * What `tests/run.ts` has started for the tests. It reaches them by environment variables, because a server that a test
 * file started for all of its tests would be a leak to the sanitizers.
 */
import process from "node:process";
import type { Tools } from "./tools.ts";

/** The servers of a test run. */
export interface TestEnvironment {
  /** A builder's socket, `unix:///...`. */
  readonly address: string;
  /** The same builder on TCP, `tcp://127.0.0.1:port`. */
  readonly tcpAddress: string;
  /** A second builder that shares nothing with the first. */
  readonly peerAddress: string;
  /** A registry without login that both builders may push to, `127.0.0.1:port`. */
  readonly registry: string;
  /** Name of a base image with a shell, `root` and `app` (1000:1000) as users. */
  readonly baseImage: string;
  /** Docker engines, oldest first. */
  readonly engines: readonly TestEngine[];
  readonly tools: Tools;
}

/** A Docker engine without a network of its own: `RUN` needs `network: "host"`. */
export interface TestEngine {
  /** Its version, for names of tests. */
  readonly name: string;
  /** As in DOCKER_HOST, `unix:///...`. */
  readonly host: string;
  readonly containerdStore: boolean;
  /** Whether it speaks gRPC on its own socket. */
  readonly native: boolean;
  /** Whether this machine's runc is new enough to start its containers; builds run their steps in any case. */
  readonly runsContainers: boolean;
}

const VARIABLE = "MOAT_TEST_ENVIRONMENT";

/** How `run.ts` hands the environment over. */
export function environmentVariables(environment: TestEnvironment): Record<string, string> {
  return { [VARIABLE]: JSON.stringify(environment) };
}

/** The servers, or undefined where a test file was started without `deno task test`. */
export const testEnvironment: TestEnvironment | undefined = read();

function read(): TestEnvironment | undefined {
  const value = process.env[VARIABLE];
  return value === undefined ? undefined : JSON.parse(value) as TestEnvironment;
}

/** Registers a test that needs the servers; without them it is reported as ignored. */
export function daemonTest(
  name: string,
  test: (environment: TestEnvironment, context: Deno.TestContext) => Promise<void> | void,
): void {
  Deno.test({
    name,
    ignore: testEnvironment === undefined,
    fn: (context) => test(testEnvironment!, context),
  });
}

/** Registers a test for each Docker engine; `{}` in the name becomes the engine's version. */
export function engineTest(
  name: string,
  test: (engine: TestEngine, environment: TestEnvironment) => Promise<void>,
  applies: (engine: TestEngine) => boolean = () => true,
): void {
  const engines = testEnvironment?.engines ?? [];
  if (engines.length === 0) Deno.test({ name, ignore: true, fn: () => {} });
  for (const engine of engines.filter(applies)) {
    const fn = () => test(engine, testEnvironment!);
    Deno.test({ name: name.replace("{}", `Docker ${engine.name}`), fn });
  }
}
