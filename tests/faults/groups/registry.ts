/** What happens on the way to the registry: it leaves in the middle of a push, falls silent, or its credential helper is broken. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { CanceledError } from "../../../src/errors.ts";
import { startRegistry } from "../../support/registry.ts";
import { tempFolder } from "../../support/temp_folder.ts";
import { bringTo, type Starter, startHere } from "../attempt.ts";
import { casesOf, type Group } from "../fault.ts";
import { startProgram } from "../programs.ts";

const LEAVES: Group = {
  name: "the registry leaves",
  cases: casesOf("the registry leaves", { push: "REGISTRY_UNREACHABLE" }),
  async run(grounds) {
    await using attempt = await bringTo(grounds, "push", { survives: true });
    const from = performance.now();
    attempt.shop.leave();
    const verdict = await attempt.ending(from);
    await attempt.aftermath();
    return [verdict];
  },
};

/** The builder waits for as long as the connection stands: only the caller knows how long is too long. */
const SILENT: Group = {
  name: "the registry falls silent, and the build is canceled",
  cases: casesOf("the registry falls silent, and the build is canceled", { push: "CANCELED" }),
  async run(grounds) {
    const controller = new AbortController();
    const { signal } = controller;
    const start: Starter = (options) => startHere({ ...options, signal });
    await using attempt = await bringTo(grounds, "push", { survives: true, start });
    attempt.shop.silence(["up", "down"]);
    const from = performance.now();
    controller.abort(new CanceledError("enough"));
    const verdict = await attempt.ending(from);
    await attempt.aftermath();
    return [verdict];
  },
};

/** A helper that does what the script says; `$PIPE` is open for writing as long as any of it runs. */
function helper(fault: string, script: string, said: RegExp): Group {
  return {
    name: fault,
    cases: casesOf(fault, { push: "CREDENTIALS_FAILED" }),
    async run({ tools, address }) {
      await using registry = await startRegistry({ tools, auth: true });
      await using folder = tempFolder();
      const { path } = folder;
      const pipe = join(path, "pipe");
      execFileSync("mkfifo", [pipe]);
      const program = join(path, "docker-credential-broken");
      writeFileSync(program, `#!/bin/sh\nexec 3>"${pipe}"\n${script}\n`);
      chmodSync(program, 0o755);
      writeFileSync(join(path, "config.json"), JSON.stringify({ credsStore: "broken" }));
      const env = { DOCKER_CONFIG: path, PATH: `${path}:${process.env.PATH}` };
      await using building = startProgram({ env });
      const id = crypto.randomUUID();
      writeFileSync(join(path, "Dockerfile"), `FROM scratch\nCOPY Dockerfile /${id}\n`);
      const from = performance.now();
      const { ended } = building.start({
        ...{ address, context: path, tags: [`${registry.host}/${id}:1`] },
        output: { type: "image", push: true, insecure: true },
      });
      // The pipe is at its end when nothing is left of the helper.
      const [{ outcome, at }, left] = await Promise.all([ended, readFile(pipe, "utf8")]);
      assert.equal(left, "", "something of the helper has lived on");
      assert.match(building.messages.join("\n"), said);
      return [{ outcome, seconds: (at - from) / 1000 }];
    },
  };
}

const HANGS = `echo waiting for a key >&2; (sleep 300; echo alive >&3) & wait`;

/** The groups. */
export const REGISTRY_FAULTS: readonly Group[] = [
  LEAVES,
  SILENT,
  helper("the credential helper hangs", HANGS, /no answer for 30 s .* said: waiting for a key/),
  helper("the credential helper prints garbage", "echo garbage", /did not print a login/),
  helper("the credential helper prints without end", "exec yes", /was killed by SIGKILL/),
  helper(
    "the credential helper fails",
    "echo locked >&2; exit 3",
    /exited with 3 and said: locked/,
  ),
];
