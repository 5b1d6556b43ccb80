/** What happens to the program that builds: its clock jumps, it is busy, it is interrupted, nobody reads what it says. */
import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fastParent, tempFolder } from "../../support/temp_folder.ts";
import { type Attempt, type AttemptOptions, bringTo, NOISE } from "../attempt.ts";
import { atAllStages } from "../at_all_stages.ts";
import {
  type Case,
  casesOf,
  everywhere,
  type Grounds,
  type Group,
  type Verdict,
} from "../fault.ts";
import { Gate } from "../gate.ts";
import {
  type Command,
  type CommandRun,
  commandStarter,
  startCommand,
  startProgram,
} from "../programs.ts";

/** A group whose builds are at all stages when their program is told something. */
function told(fault: string, command: Command): Group {
  return {
    name: fault,
    cases: casesOf(fault, everywhere("built")),
    async run(grounds) {
      await using program = startProgram();
      await using all = await atAllStages(grounds, { survives: true, start: program.start });
      const from = performance.now();
      const telling = program.tell(command);
      const endings = Promise.all(all.attempts.map((attempt) => attempt.ending(from)));
      const [verdicts] = await Promise.all([endings, telling]);
      await Promise.all(all.attempts.map((attempt) => attempt.aftermath()));
      return verdicts;
    },
  };
}

/** More than two of the builder's calls wait for their answers together. */
const TOO_LONG_MS = 48_000;

const TOO_BUSY: Group = {
  name: "the program does nothing else for 48 s",
  long: true,
  // A builder that is slow itself may not have noticed yet.
  cases: casesOf("the program does nothing else for 48 s", {
    context: ["CONNECTION_LOST", "built"],
  }),
  async run(grounds) {
    await using program = startProgram();
    const options = { start: program.start, survives: true };
    await using attempt = await bringTo(grounds, "context", options);
    const from = performance.now();
    const telling = program.tell({ do: "block", ms: TOO_LONG_MS });
    const [verdict] = await Promise.all([attempt.ending(from), telling]);
    await attempt.aftermath();
    if (verdict.outcome !== "built") {
      assert.match(program.messages.join(), /busy .* more than \d+ s/);
    }
    return [verdict];
  },
};

/** Each is a process. */
const gate = new Gate(3);

/** A group of commands to which something is done at their stages. */
function done(
  cases: readonly Case[],
  options: AttemptOptions,
  action: (run: CommandRun, attempt: Attempt) => void,
): Group {
  const runOne = async (grounds: Grounds, { stage }: Case): Promise<Verdict> => {
    await using logins = tempFolder(fastParent());
    const runs: CommandRun[] = [];
    const start = commandStarter((run) => runs.push(run), { DOCKER_CONFIG: logins.path });
    await using attempt = await bringTo(grounds, stage, { ...options, start });
    const from = performance.now();
    action(runs[0]!, attempt);
    const verdict = await attempt.ending(from);
    await attempt.aftermath();
    return verdict;
  };
  return {
    name: cases[0]!.fault,
    cases,
    run: (grounds) => Promise.all(cases.map((one) => gate.pass(() => runOne(grounds, one)))),
  };
}

/** By the process id: what Deno's own `kill()` was called for, it takes to have ended by that signal. */
function send({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  process.kill(pid!, signal);
}

const STDOUT = "nobody reads the result on stdout any more";

const STDOUT_CLOSED: Group = {
  name: STDOUT,
  cases: casesOf(STDOUT, { export: "exit 1" }),
  async run({ tcpAddress }) {
    await using folder = tempFolder(fastParent());
    const { path } = folder;
    writeFileSync(join(path, "Dockerfile"), "FROM scratch\nCOPY . /\n");
    writeFileSync(join(path, "big"), NOISE);
    const flags = ["--addr", tcpAddress, "--progress", "quiet", "--output", "type=tar,dest=-"];
    const { child, ended, said } = startCommand(["build", ...flags, path], { DOCKER_CONFIG: path });
    await once(child.stdout!, "data");
    const from = performance.now();
    child.stdout!.destroy();
    const { outcome, at } = await ended;
    assert.match(said(), /Cannot write to stdout: whoever read it has stopped reading/);
    return [{ outcome, seconds: (at - from) / 1000 }];
  },
};

/** The groups. */
export const PROGRAM_FAULTS: readonly Group[] = [
  told("the clock jumps a day ahead", { do: "jump", days: 1 }),
  told("the clock jumps a day back", { do: "jump", days: -1 }),
  told("the program does nothing else for 8 s", { do: "block", ms: 8_000 }),
  TOO_BUSY,
  done(casesOf("SIGINT to the command", everywhere("exit 130")), {}, ({ child }) => {
    send(child, "SIGINT");
  }),
  done(casesOf("SIGTERM to the command", everywhere("exit 130")), {}, ({ child }) => {
    send(child, "SIGTERM");
  }),
  done(
    casesOf("nobody reads what the command says", everywhere("built")),
    { survives: true },
    ({ child }) => {
      child.stdout!.destroy();
      child.stderr!.destroy();
    },
  ),
  STDOUT_CLOSED,
];
