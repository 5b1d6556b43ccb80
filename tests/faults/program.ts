/**
 * Builds in a process of their own, to which things can happen that must not happen to the tests: it takes commands on standard
 * input, one JSON object a line, and answers in the same way. See {@linkcode startProgram}.
 */
import process from "node:process";
import { createInterface } from "node:readline";
import { MoatError } from "../../src/errors.ts";
import { startHere } from "./attempt.ts";
import type { Answer, Command } from "./programs.ts";

const ONE_DAY_MS = 86_400_000;

function answer(line: Answer): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

function obey(command: Command): void {
  switch (command.do) {
    case "build": {
      const { id, options } = command;
      const messages: string[] = [];
      const failed = (error: unknown) => {
        if (error instanceof MoatError) messages.push(error.message);
      };
      const { begun, ended } = startHere(options, failed);
      void begun.then(() => answer({ id, say: "begun" }));
      void ended.then(({ outcome }) =>
        answer({ id, say: "ended", outcome, message: messages.join() })
      );
      return;
    }
    case "jump": {
      // What reads the time of day sees another one from now on.
      const real = Date.now.bind(Date);
      Date.now = () => real() + command.days * ONE_DAY_MS;
      return answer({ id: "", say: "done" });
    }
    case "block":
      // As a long calculation does.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, command.ms);
      return answer({ id: "", say: "done" });
  }
}

for await (const line of createInterface({ input: process.stdin })) obey(JSON.parse(line));
