/**
 * Recorded builds as they look on a real terminal emulator, frame by frame: `testdata/frames/NAME.WIDTH.txt`. After a
 * change that is meant, run this test with `-- --update` and look at the difference.
 */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createDisplay } from "../../src/progress/create.ts";
import type { StatusResponse } from "../../src/gen/control.ts";
import { FakeClock, FakeOutput, latestTime, recording } from "./support.ts";
import { EmulatedTerminal } from "./terminal.ts";

const NAMES = ["success", "cached", "failure", "output", "parallel", "platforms", "cancel", "many"];
const WIDTHS = [40, 80, 200];
const ROWS = 24;
/** Parts of the build's time at which it is looked at, besides its end. */
const MOMENTS = [0.1, 0.4, 0.8];

const FOLDER = new URL("testdata/frames/", import.meta.url);

/** What is on the screen at some moments of the build, and at its end all that is left in the terminal. */
async function frames(messages: StatusResponse[], columns: number): Promise<string> {
  using terminal = new EmulatedTerminal(columns, ROWS);
  const out = new FakeOutput();
  Object.assign(out, { isTerminal: true, columns, rows: ROWS });
  const times = messages.map(latestTime);
  const start = times.find((time) => time > 0)!;
  const length = Math.max(...times) - start;
  const clock = new FakeClock(start);
  const title = "example";
  const display = createDisplay("tty", out, { now: clock.now, schedule: clock.schedule, title });
  let text = "";
  const show = async (name: string, rows: () => string[]) => {
    await terminal.write(out.writes.splice(0).join(""));
    assert.ok(terminal.cursorShown);
    text += `=== ${name}\n${rows().map((row) => `${row}\n`).join("")}`;
  };
  const moments = MOMENTS.map((share) => ({ share, time: start + share * length }));
  for (const [index, status] of messages.entries()) {
    while (moments[0] !== undefined && moments[0].time <= times[index]!) {
      const { share, time } = moments.shift()!;
      clock.moveTo(time);
      await show(`${share * 100}%`, () => terminal.screen);
    }
    clock.moveTo(times[index]!);
    display.update(status);
  }
  display.end();
  await show("end", () => terminal.all);
  assert.deepEqual(terminal.titles, []);
  for (const line of text.split("\n")) assert.ok(!/[^\P{Cc}\n]/u.test(line), line);
  return text;
}

for (const name of NAMES) {
  for (const width of WIDTHS) {
    Deno.test(`tty mode shows the build "${name}" at ${width} columns`, async () => {
      const shown = await frames(recording(name), width);
      const file = new URL(`${name}.${width}.txt`, FOLDER);
      if (Deno.args.includes("--update") || !existsSync(file)) {
        mkdirSync(FOLDER, { recursive: true });
        writeFileSync(file, shown);
      }
      assert.equal(shown, readFileSync(file, "utf8"));
    });
  }
}

Deno.test("tty mode keeps a terminal clean that is resized all the time", async () => {
  const messages = recording("parallel");
  const times = messages.map(latestTime);
  using terminal = new EmulatedTerminal(100, 90);
  const out = new FakeOutput();
  Object.assign(out, { isTerminal: true, columns: 100, rows: 90 });
  const clock = new FakeClock(times.find((time) => time > 0));
  const display = createDisplay("tty", out, { now: clock.now, schedule: clock.schedule });
  for (const [index, status] of messages.entries()) {
    clock.moveTo(times[index]!);
    display.update(status);
    await terminal.write(out.writes.splice(0).join(""));
    const columns = [100, 60, 81, 45, 120][index % 5]!;
    terminal.resize(columns, 90);
    Object.assign(out, { columns });
  }
  display.end();
  await terminal.write(out.writes.join(""));
  assert.equal(terminal.all.filter((line) => line.startsWith("[+]")).length, 1);
  assert.ok(terminal.cursorShown);
});
