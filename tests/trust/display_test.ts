import assert from "node:assert/strict";
import { main } from "../../src/cli/main.ts";
import type { StatusResponse } from "../../src/gen/control.ts";
import { RpcError } from "../../src/rpc/status.ts";
import { fakeIo } from "../cli/fake_io.ts";
import { hostile, type Stage } from "../support/hostile_daemon.ts";
import { world } from "./world.ts";

/** What acts on a terminal, or on whoever reads a log line by line. */
const EVIL = "x\u001b]52;c;ZXZpbA==\u0007\u001b[2J\u009b1A\r\n::set-output name=a::b\n" +
  "\u2028##vso[task.setvariable]x\u202e\n\u0085::warning::y\r::error::z\b\b";

const bytes = (text: string) => new TextEncoder().encode(text);

function messages(): Partial<StatusResponse>[] {
  const digest = "sha256:" + "1".repeat(64);
  const started = 1_700_000_000_000_000_000n;
  const vertex = { digest, name: `[1/1] RUN ${EVIL}`, inputs: [], cached: false, error: "" };
  const group = { id: `g${EVIL}`, name: `group ${EVIL}`, weak: false };
  const other = "sha256:" + "2".repeat(64);
  return [
    { vertexes: [{ ...vertex, started }] },
    { vertexes: [{ ...vertex, digest: other, started, progressGroup: group }] },
    {
      statuses: [{
        ...{ id: EVIL, vertex: digest, name: EVIL, current: 1n, total: 2n },
        ...{ timestamp: started, started, completed: undefined },
      }],
    },
    {
      logs: [EVIL, `${EVIL}\n`, "::set-output name=a::b\n", "\r::set-env::\r\n"].map((text, i) => ({
        ...{ vertex: digest, stream: BigInt(1 + i % 2), msg: bytes(text), timestamp: started },
      })),
    },
    {
      warnings: [{
        ...{ vertex: digest, level: 1n, short: bytes(EVIL), detail: [bytes(EVIL)], url: EVIL },
        ...{ info: undefined, ranges: [] },
      }],
    },
    { vertexes: [{ ...vertex, started, completed: started + 1n, error: EVIL }] },
  ];
}

async function play(stage: Stage): Promise<void> {
  for (const message of messages()) await stage.status(message);
}

for (const mode of ["plain", "tty", "auto"]) {
  for (const fails of [false, true]) {
    const what = fails ? "a build that fails" : "a build";
    Deno.test(`a hostile daemon can't act on who sees ${what} with --progress ${mode}`, async () => {
      await using place = world();
      await using daemon = await hostile({
        async session(_, stage) {
          await play(stage);
          if (fails) throw new RpcError(2, `failed: ${EVIL}`);
          return { "containerimage.digest": EVIL, [`key${EVIL}`]: EVIL };
        },
      });
      const io = fakeIo({ terminal: mode === "tty" });
      const code = await main(
        ["build", "--addr", daemon.address, "--progress", mode, place.context],
        io,
      );
      assert.equal(code, fails ? 1 : 0);
      const shown = io.out() + io.err();
      assert.match(shown, /set-output/);
      for (const line of shown.split("\n")) {
        // Colours, and in a terminal what redraws the screen, are ours.
        // deno-lint-ignore no-control-regex
        const rest = line.replace(/\u001b\[[0-9;?]*[mAKJGhlH]/g, mode === "tty" ? "" : "$&")
          .replace(/^\r/, mode === "tty" ? "" : "$&");
        assert.doesNotMatch(rest, /(?!\t)\p{Cc}/u, JSON.stringify(rest));
        assert.doesNotMatch(rest, /^\s*(?:::|##)/, JSON.stringify(rest));
      }
    });
  }
}
