/** What happens to files of the context while they are sent. */
import { chmodSync, mkdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type AttemptOptions, bringTo, LATE } from "../attempt.ts";
import { casesOf, type Grounds, type Group, type Verdict } from "../fault.ts";
import { startProgram } from "../programs.ts";

type Act = (context: string) => void;

async function runOne(grounds: Grounds, options: AttemptOptions, act: Act): Promise<Verdict> {
  const settings = { ...options, survives: true, size: 16 << 20 };
  await using attempt = await bringTo(grounds, "context", settings);
  const from = performance.now();
  act(attempt.context);
  const verdict = await attempt.ending(from);
  await attempt.aftermath();
  return verdict;
}

/** A file is listed before it is asked for: the list is on its way when it changes. */
const LISTED: AttemptOptions = { trigger: { direction: "up", text: LATE } };

function group(fault: string, outcome: string, options: AttemptOptions, act: Act): Group {
  return {
    name: fault,
    cases: casesOf(fault, { context: outcome }),
    run: async (grounds) => [await runOne(grounds, options, act)],
  };
}

/** Even root may not read everything without this. */
const WITHOUT_POWERS = ["setpriv", "--bounding-set", "-all", "--inh-caps", "-all"];

const UNREADABLE: Group = {
  name: "a file may not be read any more",
  cases: casesOf("a file may not be read any more", { context: "FILE_UNREADABLE" }),
  async run(grounds) {
    await using program = startProgram({ wrapper: WITHOUT_POWERS });
    const act: Act = (context) => chmodSync(join(context, LATE), 0);
    return [await runOne(grounds, { ...LISTED, start: program.start }, act)];
  },
};

/** The groups. */
export const FILE_FAULTS: readonly Group[] = [
  group("a file is cut short while it is read", "FILE_CHANGED", {}, (context) => {
    truncateSync(join(context, "big"), 100);
  }),
  group("a file is rewritten while it is read", "FILE_CHANGED", {}, (context) => {
    writeFileSync(join(context, "big"), new Uint8Array(16 << 20));
  }),
  // It is open, and there until it is closed.
  group("a file is removed while it is read", "built", {}, (context) => {
    rmSync(join(context, "big"));
  }),
  group("a file is cut short before it is read", "FILE_CHANGED", LISTED, (context) => {
    truncateSync(join(context, LATE), 1);
  }),
  group("a file is removed before it is read", "FILE_CHANGED", LISTED, (context) => {
    rmSync(join(context, LATE));
  }),
  group("a folder takes the place of a file", "FILE_CHANGED", LISTED, (context) => {
    rmSync(join(context, LATE));
    mkdirSync(join(context, LATE));
  }),
  UNREADABLE,
];
