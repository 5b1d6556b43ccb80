/** One thing that a hostile daemon tries, and what becomes of it. */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { delimiter } from "node:path";
import process from "node:process";
import { build } from "../../src/build.ts";
import { MoatError } from "../../src/errors.ts";
import type { BuildOptions } from "../../src/types.ts";
import { hostile, type Script } from "../support/hostile_daemon.ts";
import { CANARY, type World, world } from "./world.ts";

/** A line of the table. */
export interface Attack {
  /** The table's section. */
  readonly group: string;
  /** Completes "the daemon". */
  readonly what: string;
  /** Options beyond the context and the address. @default output: "cacheonly" */
  readonly options?: (world: World) => BuildOptions | Promise<BuildOptions>;
  readonly script: (world: World) => Script;
  /** `built`, or the code of the error; several where it depends on what is met first. Where the daemon lies that all went well, "built" is right if nothing was given. */
  readonly outcome: string | readonly string[];
  /** What the logger and the events must tell of. */
  readonly refused?: RegExp | undefined;
  /** Looks at what else there is. */
  readonly check?: (world: World) => void;
}

/** What became of an attack. */
export interface Verdict {
  readonly outcome: string;
  /** What was told. */
  readonly refused: readonly string[];
  readonly ms: number;
}

/** Nothing here may take longer, in milliseconds: what hangs is stopped, and shows as TIMED_OUT. */
const LIMIT_MS = 60_000;

/** Runs an attack. Throws if anything of it worked. */
export async function attempt(attack: Attack): Promise<Verdict> {
  await using place = world();
  const script = attack.script(place);
  await using daemon = await hostile(script);
  const options = await (attack.options?.(place) ?? { output: "cacheonly" });
  const before = place.snapshot();
  const warnings: string[] = [];
  const events: string[] = [];
  const start = performance.now();
  const outcome = await withDockerConfig(`${place.path}/docker`, async () => {
    const running = build({
      ...{ context: place.context, address: daemon.address, timeoutMs: LIMIT_MS, ...options },
      logger: { warn: (line) => warnings.push(line) },
    });
    for await (const event of running.events()) {
      if (event.type === "access" && event.state === "refused") events.push(event.asked);
      if (event.type === "end") {
        assert.ok(!JSON.stringify(event.error ?? {}).includes(CANARY), "a secret in an error");
      }
    }
    return await running.then(() => "built", outcomeOf);
  });
  const ms = performance.now() - start;
  assert.deepEqual(
    unchanging(place.snapshot(), attack),
    unchanging(before, attack),
    "something outside was changed",
  );
  const received = Buffer.concat(daemon.received());
  assert.ok(!received.includes(CANARY), "something that is not shared reached the daemon");
  assert.ok(!warnings.join("\n").includes(CANARY), "a secret in a log");
  for (const line of warnings) assert.match(line, /^[^\p{Cc}]*$/u);
  assert.ok([attack.outcome].flat().includes(outcome), `${outcome}, not ${attack.outcome}`);
  const { refused } = attack;
  if (refused !== undefined) {
    assert.ok(warnings.some((line) => refused.test(line)), `not told: ${warnings.join("\n")}`);
    assert.ok(events.some((asked) => refused.test(`${asked}: refused`)), `no event: ${events}`);
  }
  attack.check?.(place);
  return { outcome, refused: warnings, ms };
}

/** Without the context, where the attack has an accomplice on this machine who changes it. */
function unchanging(snapshot: Record<string, string>, { group }: Attack): Record<string, string> {
  if (group !== "Swaps") return snapshot;
  return Object.fromEntries(Object.entries(snapshot).filter(([path]) => !/^context/.test(path)));
}

function outcomeOf(error: unknown): string {
  if (error instanceof MoatError) return error.code;
  throw error;
}

/** With Docker's configuration in `folder`, and its credential helpers. */
async function withDockerConfig<T>(folder: string, action: () => Promise<T>): Promise<T> {
  const { DOCKER_CONFIG: config, PATH: path } = process.env;
  process.env.DOCKER_CONFIG = folder;
  process.env.PATH = `${folder}${delimiter}${path ?? ""}`;
  try {
    return await action();
  } finally {
    restore("DOCKER_CONFIG", config);
    restore("PATH", path);
  }
}

function restore(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}
