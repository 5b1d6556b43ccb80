import assert from "node:assert/strict";
import { FRAME_INTERVAL, PacedDisplay } from "../../src/progress/paced_display.ts";
import type { Painter } from "../../src/progress/painter.ts";
import { atMs, FakeClock, message } from "./support.ts";

function paced() {
  const clock = new FakeClock();
  const calls: string[] = [];
  const painter: Painter = {
    update: () => calls.push("update"),
    paint: (now, final) => calls.push(`${final ? "final" : "paint"} ${Math.round(now - atMs(0))}`),
  };
  return { clock, calls, display: new PacedDisplay(painter, clock.now, clock.schedule) };
}

Deno.test("PacedDisplay paints the first message at once and nothing before", () => {
  const { clock, calls, display } = paced();
  clock.moveTo(atMs(1));
  assert.equal(clock.pending, 0);
  display.update(message({}));
  assert.deepEqual(calls, ["update", "paint 1000"]);
  display.end();
});

Deno.test("PacedDisplay paints at most once in an interval", () => {
  const { clock, calls, display } = paced();
  for (let index = 0; index < 50; index++) {
    clock.moveTo(atMs(index / 100));
    display.update(message({}));
  }
  display.end();
  const times = calls.filter((call) => call.startsWith("paint")).map((call) =>
    Number(call.slice(6))
  );
  assert.deepEqual(times, [0, 100, 200, 300, 400]);
  assert.equal(calls.at(-1), "final 490");
});

Deno.test("PacedDisplay goes on painting while nothing comes", () => {
  const { clock, calls, display } = paced();
  display.update(message({}));
  clock.moveTo(atMs(0) + 3 * FRAME_INTERVAL);
  assert.deepEqual(calls, ["update", "paint 0", "paint 100", "paint 200", "paint 300"]);
  display.end();
});

Deno.test("PacedDisplay.end() stops the clock, paints all that is left, and only once", () => {
  const { clock, calls, display } = paced();
  display.update(message({}));
  display.end();
  display.end();
  display.update(message({}));
  clock.moveTo(atMs(10));
  assert.equal(clock.pending, 0);
  assert.deepEqual(calls, ["update", "paint 0", "final 0"]);
});

Deno.test("PacedDisplay leaves no timer of the runtime behind", () => {
  const painter: Painter = { update() {}, paint() {} };
  const display = new PacedDisplay(painter, Date.now);
  display.update(message({}));
  display.end();
});
