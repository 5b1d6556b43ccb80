import { readFileSync } from "node:fs";
import { Buffer } from "node:buffer";
import { StatusResponse } from "../../src/gen/control.ts";
import type { Vertex } from "../../src/gen/control.ts";
import type { Display, Output } from "../../src/progress/display.ts";

/** A file of testdata as text. */
export function testdata(name: string): string {
  return readFileSync(new URL(`testdata/${name}`, import.meta.url), "utf8");
}

/** The status messages of a recorded build, decoded from the bytes that the daemon sent. */
export function recording(name: string): StatusResponse[] {
  const lines = testdata(`${name}.wire`).trimEnd().split("\n");
  return lines.map((line) => StatusResponse.decode(new Uint8Array(Buffer.from(line, "base64"))));
}

/** An output that keeps what is written, one item a write. */
export class FakeOutput implements Output {
  readonly writes: string[] = [];
  isTerminal = false;
  columns = 80;
  rows = 24;

  write(text: string): void {
    this.writes.push(text);
  }

  get text(): string {
    return this.writes.join("");
  }
}

/** A time in nanoseconds, `seconds` after the start of the builds made up here. */
export function at(seconds: number): bigint {
  return 1_700_000_000_000_000_000n + BigInt(Math.round(seconds * 1e9));
}

/** The same time in milliseconds, as local clocks have it. */
export function atMs(seconds: number): number {
  return 1_700_000_000_000 + seconds * 1000;
}

/** A message with these parts. */
export function message(parts: Partial<StatusResponse>): StatusResponse {
  return { vertexes: [], statuses: [], logs: [], warnings: [], ...parts };
}

/** A vertex, waiting unless told otherwise. */
export function vertex(digest: string, parts: Partial<Vertex> = {}): Vertex {
  return { digest, name: `[${digest}] step`, inputs: [], cached: false, error: "", ...parts };
}

/** A message with a chunk of output of `digest`, at `seconds`. */
export function log(
  digest: string,
  data: string | Uint8Array,
  seconds = 0,
  stream = 1n,
): StatusResponse {
  const msg = typeof data === "string" ? new TextEncoder().encode(data) : data;
  return message({ logs: [{ vertex: digest, stream, msg, timestamp: at(seconds) }] });
}

/** A message that says that `digest` runs from `from` to `to`, in seconds. */
export function run(
  digest: string,
  from: number,
  to?: number,
  parts: Partial<Vertex> = {},
): StatusResponse {
  const completed = to === undefined ? {} : { completed: at(to) };
  return message({ vertexes: [vertex(digest, { started: at(from), ...completed, ...parts })] });
}

/** A clock that stands still until it is moved, with the timers on it. */
export class FakeClock {
  #time: number;
  #timers: Array<{ at: number; run: () => void }> = [];

  constructor(start: number = atMs(0)) {
    this.#time = start;
  }

  readonly now = (): number => this.#time;

  readonly schedule = (run: () => void, ms: number): () => void => {
    const timer = { at: this.#time + ms, run };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  };

  /** Timers that have not run. */
  get pending(): number {
    return this.#timers.length;
  }

  /** Moves to `time` in milliseconds; timers on the way run at their time. */
  moveTo(time: number): void {
    for (;;) {
      const [next] = [...this.#timers].sort((a, b) => a.at - b.at);
      if (next === undefined || next.at > time) break;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.#time = Math.max(this.#time, next.at);
      next.run();
    }
    this.#time = Math.max(this.#time, time);
  }
}

/** Gives a recording to a display at the times that the daemon sent it; returns the clock as it stands at the end. */
export function replay(
  messages: StatusResponse[],
  newDisplay: (clock: FakeClock) => Display,
): FakeClock {
  const times = messages.map(latestTime);
  const clock = new FakeClock(times.find((time) => time > 0));
  const display = newDisplay(clock);
  messages.forEach((status, index) => {
    clock.moveTo(times[index]!);
    display.update(status);
  });
  display.end();
  return clock;
}

/** The latest time in a message, in milliseconds; 0 if there is none. */
export function latestTime(status: StatusResponse): number {
  const items = [...status.vertexes, ...status.statuses, ...status.logs];
  const times = items.flatMap((item) => Object.values(item))
    .filter((value) => typeof value === "bigint" && value > at(0));
  return Math.max(0, ...times.map((time) => Number(time as bigint / 1000n) / 1000));
}
