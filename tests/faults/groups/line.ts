/** What happens to the connection: ended, reset, silent, slow. */
import type { Direction, FaultProxy } from "../../support/fault_proxy.ts";
import { type AttemptOptions, bringTo } from "../attempt.ts";
import {
  type Case,
  casesOf,
  everywhere,
  type Grounds,
  type Group,
  type Verdict,
} from "../fault.ts";

/**
 * More than the five seconds between two calls of a builder that is well; less than the 15 s after which one that got no answer
 * calls again.
 */
export const STALL_MS = 10_000;

async function runEach(
  grounds: Grounds,
  cases: readonly Case[],
  options: AttemptOptions,
  fault: (line: FaultProxy) => void,
): Promise<Verdict[]> {
  return await Promise.all(cases.map(async ({ stage }) => {
    await using attempt = await bringTo(grounds, stage, options);
    const from = performance.now();
    fault(attempt.line);
    const verdict = await attempt.ending(from);
    await attempt.aftermath();
    return verdict;
  }));
}

function group(
  fault: string,
  outcomes: Parameters<typeof casesOf>[1],
  options: AttemptOptions,
  act: (line: FaultProxy) => void,
): Group {
  const cases = casesOf(fault, outcomes);
  return { name: fault, cases, run: (grounds) => runEach(grounds, cases, options, act) };
}

function silent(name: string, directions: readonly Direction[]): Group {
  const options = { stallTimeoutMs: STALL_MS };
  // A builder says its first word without being asked.
  const connect = directions.includes("down") ? "CONNECT_TIMEOUT" : "CONNECTION_STALLED";
  // One that can still speak may say first that it gives up.
  const later = directions.includes("down")
    ? ["CONNECTION_STALLED"]
    : ["CONNECTION_STALLED", "CONNECTION_LOST"];
  const outcomes = { ...everywhere(...later), connect };
  return group(name, outcomes, options, (line) => line.silence(directions));
}

/** A connection that breaks before it is quite made is tried once more. */
const LOST = { ...everywhere("CONNECTION_LOST"), connect: ["CONNECTION_LOST", "built"] };

/** The groups. */
export const LINE_FAULTS: readonly Group[] = [
  group("the connection is closed", LOST, {}, (line) => line.cut()),
  group("the connection is reset", LOST, {}, (line) => line.reset()),
  silent("nothing comes from the builder any more", ["down"]),
  silent("nothing reaches the builder any more", ["up"]),
  silent("nothing comes through either way", ["up", "down"]),
  group(
    "the connection slows down to a trickle",
    everywhere("built"),
    { size: 128 << 10, survives: true },
    (line) => line.trickle(1024),
  ),
];
