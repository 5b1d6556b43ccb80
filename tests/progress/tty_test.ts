import assert from "node:assert/strict";
import type { StatusResponse } from "../../src/gen/control.ts";
import { createDisplay } from "../../src/progress/create.ts";
import { initialState, type ProgressState, reduce } from "../../src/progress/model.ts";
import { type Frame, render } from "../../src/progress/tty_render.ts";
import { displayWidth } from "../../src/progress/width.ts";
import {
  at,
  FakeClock,
  FakeOutput,
  log,
  message,
  recording,
  replay,
  run,
  vertex,
} from "./support.ts";
import { Screen } from "./screen.ts";

function frame(messages: StatusResponse[], parts: Partial<Frame> = {}): string[] {
  const state: ProgressState = messages.reduce(reduce, initialState());
  const defaults = {
    columns: 60,
    rows: 24,
    now: at(10),
    palette: undefined,
    title: "",
    logLines: 6,
  };
  return render(state, { ...defaults, final: false, ...parts });
}

/** A terminal of its own for a display in tty mode. */
function terminal(columns: number, rows: number) {
  const screen = new Screen(columns, rows);
  const out = new FakeOutput();
  Object.assign(out, { isTerminal: true, columns, rows });
  const write = out.write.bind(out);
  out.write = (text) => {
    write(text);
    screen.write(text);
    assert.equal(screen.cursor, true);
  };
  return { screen, out };
}

Deno.test("render() shows counts, names and times", () => {
  const messages = [
    message({ vertexes: [vertex("later")] }),
    run("a", 1, 1, { cached: true }),
    run("b", 1, 3.25),
    run("c", 4),
  ];
  assert.deepEqual(frame(messages, { title: "app" }), [
    "[+] Building 9.0s (2/4)                                 app",
    " => CACHED [a] step                                    0.0s",
    " => [b] step                                           2.3s",
    " => [c] step                                           6.0s",
  ]);
});

Deno.test("render() says how the build and its steps ended", () => {
  const messages = [
    run("a", 1, 2, { error: "exit code: 1" }),
    run("b", 1, 2, { error: "context canceled" }),
  ];
  assert.deepEqual(frame(messages, { final: true, columns: 40 }), [
    "[+] Building 9.0s (2/2) FINISHED",
    " => ERROR [a] step                 1.0s",
    " => CANCELED [b] step              1.0s",
  ]);
});

Deno.test("render() shows parts of the work, warnings and the last output", () => {
  const messages = [
    run("a", 1),
    message({
      statuses: [{
        id: "sha256:1",
        vertex: "a",
        name: "",
        current: 1500n,
        total: 3000n,
        started: at(2),
      }],
      warnings: [{
        vertex: "a",
        level: 1n,
        short: new TextEncoder().encode("careful"),
        detail: [],
        url: "",
        ranges: [],
      }],
    }),
    log("a", "one\n10%\r20%\r30%\nthree\n\u001b[31mfour", 2),
  ];
  assert.deepEqual(frame(messages, { columns: 50, logLines: 3 }), [
    "[+] Building 9.0s (0/1)",
    " => [a] step                                 9.0s",
    " => => # 30%",
    " => => # three",
    " => => # four",
    " => => sha256:1 1.50kB / 3.00kB              8.0s",
    " => WARN: careful                            9.0s",
  ]);
});

Deno.test("render() colours what has ended", () => {
  const palette = { run: "1", cancel: "2", error: "3", warning: "4", faint: "5" };
  const messages = [
    run("a", 1, 2),
    run("b", 1, 2, { error: "no" }),
    run("c", 1, 2, { error: "context canceled" }),
    run("d", 1),
    log("d", "x", 1),
  ];
  const codes = frame(messages, { palette }).map((line) => line.split("m")[0]!.slice(1));
  assert.deepEqual(codes.slice(1, 4), ["[1", "[3", "[2"]);
  assert.equal(codes[5], "[5");
});

Deno.test("render() keeps running steps in sight where there are too few rows", () => {
  const many = Array.from({ length: 30 }, (_, index) => {
    return run(`s${index}`, index, index === 3 || index === 20 ? undefined : index + 1);
  });
  const lines = frame(many, { rows: 8 });
  const names = lines.map((line) => /\[s\d+\]/.exec(line)?.[0] ?? "");
  assert.deepEqual(names, ["", "", "[s3]", "[s20]", "[s27]", "[s28]", "[s29]"]);
  assert.equal(lines[1], " => ... 25 steps done before");
  assert.equal(frame(many, { rows: 8, final: true }).length, 31);
});

Deno.test("render() folds what has ended before it leaves out what runs", () => {
  const part = (vertex: string, completed?: bigint) => {
    const status = { id: `part of ${vertex}`, vertex, name: "", current: 5n, total: 9n };
    return message({ statuses: [{ ...status, started: at(1), ...(completed && { completed }) }] });
  };
  const messages = [
    run("a", 1, 1, { cached: true }),
    run("b", 1, 2, { error: "no" }),
    part("b", at(2)),
    run("c", 2),
    part("c"),
  ];
  const names = (rows: number) =>
    frame(messages, { rows }).map((line) => line.replace(/ {2,}.*| \[=.*/, "")).slice(1);
  const running = [" => [c] step", " => => part of c"];
  assert.deepEqual(names(7).length, 5);
  assert.deepEqual(names(6), [" => CACHED [a] step", " => ERROR [b] step", ...running]);
  assert.deepEqual(names(5), [" => ... 2 steps done before (1 cached, 1 failed)", ...running]);
  assert.deepEqual(names(4), running);
  assert.deepEqual(names(3), [" => => part of c"]);
});

Deno.test("render() shows bars of transfers whose end is known", () => {
  const status = (current: bigint, total = 2000n) => ({
    ...{ id: "layer", vertex: "a", name: "", current, total, started: at(1) },
  });
  const bar = (current: bigint, total: bigint, columns: number) => {
    const messages = [run("a", 1), message({ statuses: [status(current, total)] })];
    return /\[.*\]/.exec(frame(messages, { columns })[2]!)?.[0];
  };
  assert.equal(bar(0n, 2000n, 60), "[            ]");
  assert.equal(bar(1000n, 2000n, 60), "[=====>      ]");
  assert.equal(bar(2000n, 2000n, 60), "[============]");
  assert.equal(bar(3000n, 2000n, 100)?.length, 26);
  assert.equal(bar(1000n, 0n, 60), undefined);
  assert.equal(bar(1000n, 2000n, 59), undefined);
});

Deno.test("render() never gets wider or higher than the terminal", () => {
  const messages = [
    run("a", 1, undefined, {
      name: "RUN echo 日本語日本語日本語日本語 😀😀😀😀😀😀😀\n" + "x".repeat(99),
    }),
    log("a", "日本語\t".repeat(30), 1),
    ...recording("success"),
  ];
  for (const columns of [1, 2, 5, 10, 20, 39, 40, 80, 200]) {
    for (const rows of [1, 2, 3, 6, 15, 24]) {
      const lines = frame(messages, { columns, rows, title: "a title" });
      assert.ok(lines.length <= Math.max(1, rows - 1), `${lines.length} lines in ${rows} rows`);
      for (const line of lines) assert.ok(displayWidth(line) < Math.max(2, columns), line);
    }
  }
});

Deno.test("tty mode leaves every step and the failed step's output on the screen", () => {
  const { screen, out } = terminal(80, 24);
  const clock = replay(recording("failure"), ({ now, schedule }) => {
    return createDisplay("tty", out, { now, schedule });
  });
  assert.equal(clock.pending, 0);
  const [header, ...lines] = screen.lines;
  assert.match(header!, /^\[\+\] Building \d\.\ds \(7\/9\)$/);
  assert.deepEqual(lines.slice(0, 2), [
    " => [internal] load build definition from Dockerfile                       0.0s",
    " => => transferring dockerfile: 349B                                       0.0s",
  ]);
  assert.equal(screen.lines.filter((line) => line.startsWith("[+]")).length, 1);
  assert.equal(screen.lines.filter((line) => /^\d\.\d{3} line \d+$/.test(line)).length, 12);
  assert.equal(screen.lines.at(-1), "------");
});

Deno.test("tty mode draws at most ten frames a second, each with one write", () => {
  const { out } = terminal(80, 24);
  let start = 0;
  const clock = replay(recording("parallel"), ({ now, schedule }) => {
    start = now();
    return createDisplay("tty", out, { now, schedule });
  });
  const seconds = (clock.now() - start) / 1000;
  assert.equal(clock.pending, 0);
  assert.ok(out.writes.length <= seconds * 10 + 2, String(out.writes.length));
  for (const text of out.writes) {
    assert.ok(text.startsWith("\u001b[?25l") && text.includes("\u001b[?25h"));
  }
});

Deno.test("tty mode draws nothing when nothing has changed", () => {
  const { out } = terminal(80, 24);
  const clock = new FakeClock();
  const display = createDisplay("tty", out, { now: clock.now, schedule: () => () => {} });
  display.update(message({}));
  const { length } = out.writes;
  clock.moveTo(clock.now() + 200);
  display.update(message({ vertexes: [] }));
  assert.equal(out.writes.length, length);
  display.end();
});

Deno.test("tty mode redraws in place when the terminal gets narrower", () => {
  const { screen, out } = terminal(100, 30);
  const clock = new FakeClock();
  const display = createDisplay("tty", out, { now: clock.now, schedule: clock.schedule });
  display.update(run("a", 1, undefined, { name: "x".repeat(90) }));
  const narrow = new Screen(40, 30);
  narrow.write(out.text);
  out.columns = 40;
  out.write = (text) => narrow.write(text);
  clock.moveTo(clock.now() + 500);
  display.end();
  assert.equal(screen.lines.length, 2);
  assert.equal(narrow.lines.filter((line) => line.startsWith("[+]")).length, 1);
  assert.equal(narrow.lines.length, 2);
});

Deno.test("tty mode goes by the daemon's clock", () => {
  const { screen, out } = terminal(40, 10);
  const clock = new FakeClock();
  const display = createDisplay("tty", out, { now: clock.now, schedule: clock.schedule });
  display.update(run("a", 5000));
  clock.moveTo(clock.now() + 2000);
  assert.equal(screen.lines[1], " => [a] step                       2.0s");
  display.end();
});
