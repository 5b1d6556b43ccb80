/** One build that is brought to a stage and held there, so that something can be broken. */
import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "../../src/build.ts";
import { MoatError } from "../../src/errors.ts";
import type { BuildOptions } from "../../src/types.ts";
import {
  type FaultProxy,
  startFaultProxy,
  targetOf,
  type Trigger,
} from "../support/fault_proxy.ts";
import { fastParent, tempFolder } from "../support/temp_folder.ts";
import type { Grounds, Stage, Verdict } from "./fault.ts";
import { Gate } from "./gate.ts";

/** Options that can be handed to another process. */
export type PlainOptions = BuildOptions & { readonly address: string; readonly context: string };

/** A build under way. */
export interface Running {
  /** Resolves when its step says `begun`. */
  readonly begun: Promise<void>;
  /** Resolves to `built` or the error's code, and when that was. */
  readonly ended: Promise<{ outcome: string; at: number }>;
}

/** Starts builds. */
export type Starter = (options: PlainOptions) => Running;

/** Options of {@linkcode bringTo}. */
export interface AttemptOptions {
  /** @default the common builder */
  daemon?: string;
  /** @default in this process */
  start?: Starter;
  /** Whether the build is to get through: its step and its push then come to an end. @default false */
  survives?: boolean;
  /** @default when the stage is reached, as far as the line to the builder can tell */
  trigger?: Trigger;
  /** Milliseconds of silence until the builder counts as gone. @default as usual */
  stallTimeoutMs?: number;
  /** Bytes of what is sent. @default 8 MiB */
  size?: number;
  /** The address that the build gets instead of the proxy's. */
  address?: (proxy: FaultProxy) => string;
  /** The socket that the proxy listens on. @default a free port */
  socket?: string;
}

/** What was there before, and must be there after a build that failed. */
const OLD = "an old good result";
/** The file that comes last in the context. */
export const LATE = "zz-late";
const MIB = 1 << 20;

/** What can't be compressed; the same each time, since a file with another content lies beside it. */
export const NOISE: Uint8Array<ArrayBuffer> = new Uint8Array(16 * MIB);
for (let at = 0; at < NOISE.length; at += 1 << 16) {
  crypto.getRandomValues(NOISE.subarray(at, at + (1 << 16)));
}

/** A build held at its stage. */
export interface Attempt extends AsyncDisposable {
  readonly stage: Stage;
  /** Between the build and the builder. */
  readonly line: FaultProxy;
  /** Between the builder and the registry. */
  readonly shop: FaultProxy;
  readonly running: Running;
  readonly context: string;
  readonly options: PlainOptions;
  /** Lets go what is held, and waits for the end, of which it takes the time since `from`. */
  ending(from: number): Promise<Verdict>;
  /** Checks that nothing is left open or lying about, and that the next build works. */
  aftermath(daemon?: string): Promise<void>;
}

/** How many builds are brought to their stages at once. */
const gate = new Gate(4);

/** Brings a build to a stage, when it is its turn. */
export function bringTo(
  grounds: Grounds,
  stage: Stage,
  options: AttemptOptions = {},
): Promise<Attempt> {
  return gate.pass(() => bring(grounds, stage, options));
}

/** A build that came to its end before its stage. */
class EndedBefore extends Error {
  readonly outcome: string;

  constructor(stage: Stage, outcome: string) {
    super(`${stage}: the build ended before (${outcome})`);
    this.outcome = outcome;
  }
}

/** How often a build is begun whose builder seemed silent already before: a machine can be that busy. */
const TRIES = 3;

/** Brings a build to a stage. */
export async function bring(
  grounds: Grounds,
  stage: Stage,
  options: AttemptOptions,
): Promise<Attempt> {
  for (let tries = 1;; tries++) {
    try {
      return await tryToBring(grounds, stage, options);
    } catch (error) {
      const busy = error instanceof EndedBefore && error.outcome === "CONNECTION_STALLED";
      if (!busy || tries === TRIES) throw error;
    }
  }
}

async function tryToBring(
  grounds: Grounds,
  stage: Stage,
  options: AttemptOptions,
): Promise<Attempt> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(tempFolder(fastParent()));
  const daemon = options.daemon ?? grounds.tcpAddress;
  const line = stack.use(await startFaultProxy(targetOf(daemon), options.socket));
  const shop = stack.use(await startFaultProxy(targetOf(grounds.registry)));
  const context = join(folder.path, "context");
  const out = join(folder.path, "out");
  const { size = stage === "export" ? 16 * MIB : 8 * MIB } = options;
  for (const path of [context, out]) mkdirSync(path);
  const id = crypto.randomUUID();
  writeFileSync(join(context, "id"), id);
  writeFileSync(join(context, "big"), NOISE.subarray(0, size));
  writeFileSync(join(context, LATE), id);
  writeFileSync(join(context, "Dockerfile"), dockerfileOf(stage, grounds, id, options));
  writeFileSync(join(out, "out.tar"), OLD);
  const plain: PlainOptions = {
    address: options.address?.(line) ?? `tcp://${line.host}`,
    context,
    output: outputOf(stage, out),
    tags: stage === "push" ? [`${shop.host}/${id}:1`] : [],
    // Not Docker's own configuration.
    auth: {},
    ...(options.stallTimeoutMs !== undefined && { stallTimeoutMs: options.stallTimeoutMs }),
  };
  const half = Math.min(MIB, size / 2);
  const { trigger = triggerOf(stage, half) } = options;
  const pushing = shop.holdAt({ direction: "up", bytes: half });
  const held = trigger === undefined ? undefined : line.holdAt(trigger);
  const running = (options.start ?? ((build) => startHere(build)))(plain);
  const reached = stage === "run" ? running.begun : stage === "push" ? pushing : held!;
  const early = running.ended.then(({ outcome }) => {
    throw new EndedBefore(stage, outcome);
  });
  await Promise.race([reached, early]);
  const owned = stack.move();
  return {
    ...{ stage, line, shop, running, context, options: plain },
    async ending(from) {
      if (options.survives) shop.go();
      line.go();
      const { outcome, at } = await running.ended;
      return { outcome, seconds: Math.max(0, at - from) / 1000 };
    },
    async aftermath(next = daemon) {
      await line.idle();
      assert.deepEqual(readdirSync(out), ["out.tar"], `${stage}: something was left`);
      const { outcome } = await running.ended;
      const isNew = stage === "export" && outcome === "built";
      if (!isNew) assert.equal(readFileSync(join(out, "out.tar"), "utf8"), OLD);
      const again = { context: { id }, dockerfile: "FROM scratch\nCOPY id /\n" };
      await build({ ...again, address: next, output: "cacheonly" });
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function dockerfileOf(
  stage: Stage,
  { baseImage }: Grounds,
  id: string,
  { survives }: AttemptOptions,
): string {
  return stage === "run"
    ? `FROM ${baseImage}\nRUN echo begun ${id}; sleep ${survives ? 8 : 1000}\n`
    : "FROM scratch\nCOPY . /\n";
}

function outputOf(stage: Stage, out: string): NonNullable<BuildOptions["output"]> {
  if (stage === "export") return { type: "tar", dest: join(out, "out.tar") };
  return stage === "push" ? { type: "image", push: true, insecure: true } : "cacheonly";
}

/** When the stage is reached, as far as the line to the builder can tell. */
function triggerOf(stage: Stage, half: number): Trigger | undefined {
  switch (stage) {
    case "connect":
      return { accepted: true };
    case "session":
      return { direction: "up", text: "x-docker-expose-session-uuid" };
    case "context":
      return { direction: "up", bytes: half };
    case "export":
      return { direction: "down", bytes: half };
    default:
      return undefined;
  }
}

/** A build in this process; `onFailure` gets its error. */
export function startHere(
  options: BuildOptions,
  onFailure: (error: unknown) => void = () => {},
): Running {
  const building = build(options);
  let tell = () => {};
  const begun = new Promise<void>((resolve) => tell = resolve);
  const watching = (async () => {
    for await (const { logs } of building.statuses()) {
      for (const { msg } of logs) if (new TextDecoder().decode(msg).includes("begun")) tell();
    }
  })();
  const ended = building.then(() => "built", (error) => {
    onFailure(error);
    return codeOf(error);
  }).then(async (outcome) => {
    const at = performance.now();
    await watching;
    return { outcome, at };
  });
  return { begun, ended };
}

/** The code of a typed error. Throws any other. */
export function codeOf(error: unknown): string {
  if (error instanceof MoatError) return error.code;
  throw error;
}
