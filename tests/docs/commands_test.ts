/** Every command of the documentation is run in a fresh clone, or in a project, as somebody new would. */
import assert from "node:assert/strict";
import { daemonTest } from "../support/env.ts";
import { type Finished, tail } from "../support/process.ts";
import { type Commands, documentedCommands } from "./commands.ts";
import { startNewcomer } from "./newcomer.ts";

/** How many blocks run at a time. */
const AT_A_TIME = 3;

daemonTest("commands in the documentation work in a fresh clone", async (environment, context) => {
  await using newcomer = await startNewcomer(environment);
  const all = documentedCommands(newcomer.clone);
  const run = all.filter(({ leftOut }) => leftOut === undefined);
  assert(run.length > 15, `${run.length} blocks`);
  const outcomes = new Map<Commands, Finished>();
  const follow = async (commands: Commands) => {
    outcomes.set(commands, await newcomer.follow(commands));
  };
  const waiting = run.filter(({ disturbs }) => !disturbs);
  await Promise.all(Array.from({ length: AT_A_TIME }, async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await follow(next);
  }));
  for (const commands of run.filter(({ disturbs }) => disturbs)) await follow(commands);

  for (const commands of all) {
    const { name, count, leftOut, exitCode } = commands;
    await context.step({
      name: `${name}: ${count} commands${leftOut === undefined ? "" : `, left out: ${leftOut}`}`,
      ignore: leftOut !== undefined,
      fn: () => {
        const { code, stdout, stderr } = outcomes.get(commands)!;
        assert.equal(code, exitCode, `${commands.text}\n${tail(stdout)}\n${tail(stderr)}`);
      },
    });
  }
});
