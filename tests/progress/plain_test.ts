import assert from "node:assert/strict";
import type { StatusResponse, VertexStatus } from "../../src/gen/control.ts";
import { createDisplay, type DisplayOptions } from "../../src/progress/create.ts";
import { PlainPainter } from "../../src/progress/plain.ts";
import { at, atMs, FakeOutput, log, message, recording, replay, run, testdata } from "./support.ts";

/** What plain mode shows when all messages come at once. */
function plain(messages: StatusResponse[], options: DisplayOptions = {}): string {
  const out = new FakeOutput();
  const display = createDisplay("plain", out, { now: () => atMs(0), ...options });
  for (const status of messages) display.update(status);
  display.end();
  return out.text;
}

/** A painter painted by hand, with what each frame adds. */
function frames(color = true) {
  const out = new FakeOutput();
  const painter = new PlainPainter(out, { color, shortNames: false });
  return (seconds: number, messages: StatusResponse[], final = false): string => {
    for (const status of messages) painter.update(status);
    const before = out.text.length;
    painter.paint(atMs(seconds), final);
    return out.text.slice(before);
  };
}

function status(id: string, parts: Partial<VertexStatus>): StatusResponse {
  const all = {
    id,
    vertex: "a",
    name: "",
    current: 0n,
    total: 0n,
    timestamp: at(1),
    started: at(1),
  };
  return message({ statuses: [{ ...all, ...parts }] });
}

/** Steps with their lines, without numbers, in an order of their own. */
function blocks(text: string): string[] {
  return text.trim().split("\n\n").map((block) => block.replace(/^#\d+ /gm, "")).sort();
}

for (const name of ["success", "failure", "cancel", "platforms", "parallel", "many"]) {
  Deno.test(`plain mode shows the build "${name}" just as BuildKit's own client does`, () => {
    assert.equal(plain(recording(name)), testdata(`${name}.txt`));
  });
}

Deno.test("plain mode shows a cached build as BuildKit's own client does", () => {
  // Steps that completed at the same instant come in no particular order there.
  assert.deepEqual(blocks(plain(recording("cached"))), blocks(testdata("cached.txt")));
});

Deno.test("plain mode shows all output of a build as it happens, each line once and whole", () => {
  const out = new FakeOutput();
  replay(recording("parallel"), ({ now, schedule }) => {
    return createDisplay("plain", out, { now, schedule });
  });
  const lines = out.text.split("\n");
  for (const [step, count] of [["one", 16], ["two", 8]] as const) {
    const own = lines.filter((line) => new RegExp(`^#\\d+ \\S+ ${step} \\d+$`).test(line));
    const expected = Array.from({ length: count }, (_, index) => `${step} ${index + 1}`);
    assert.deepEqual(own.map((line) => line.split(" ").slice(2).join(" ")), expected);
  }
});

Deno.test("plain mode ends a step with what became of it", () => {
  const cases: Array<[StatusResponse, string]> = [
    [run("a", 1, 3.25), "DONE 2.3s"],
    [run("a", 1, 1, { cached: true }), "CACHED"],
    [run("a", 1, 2, { error: "x: context canceled" }), "CANCELED"],
    [run("a", 1, 2, { error: "no\nmore" }), "ERROR: no\n#1 more"],
  ];
  for (const [ending, expected] of cases) {
    const [text] = plain([ending]).split("------\n");
    assert.equal(text, `#1 [a] step\n#1 ${expected}\n`);
  }
});

Deno.test("plain mode shows the title first", () => {
  assert.equal(plain([run("a", 1)], { title: "app" }), "#0 app\n\n#1 [a] step\n");
});

Deno.test("plain mode cuts names only when told to", () => {
  const long = [run("a", 1, undefined, { name: "x".repeat(80) })];
  assert.equal(plain(long), `#1 ${"x".repeat(80)}\n`);
  assert.equal(plain(long, { noTrunc: false }), `#1 ${"x".repeat(72)}...\n`);
});

Deno.test("plain mode lets neither names nor output forge a line", () => {
  const messages = [
    run("a", 1, undefined, { name: "RUN x\n#1 DONE 0.0s\u001b[2J" }),
    status("layer\n#1 CACHED", { completed: at(1) }),
    log("a", "one\u001b[1A\r#1 DONE\n\u001b]0;title\u0007two\n", 1.5),
  ];
  assert.equal(
    plain(messages),
    [
      "#1 RUN x #1 DONE 0.0s",
      "#1 layer #1 CACHED done",
      "#1 0.500 one",
      "#1 0.500 #1 DONE",
      "#1 0.500 two",
      "",
    ].join("\n"),
  );
});

Deno.test("plain mode ends the colours of every line", () => {
  const text = "\u001b[31mred\n\u001b[32mgreen\u001b[0m\n";
  const messages = [run("a", 1), log("a", text, 1)];
  assert.equal(
    plain(messages),
    "#1 [a] step\n#1 0.000 \u001b[31mred\u001b[0m\n#1 0.000 \u001b[32mgreen\u001b[0m\n",
  );
  assert.equal(plain(messages, { noColor: true }), "#1 [a] step\n#1 0.000 red\n#1 0.000 green\n");
});

Deno.test("plain mode shows warnings once, late ones too", () => {
  const short = new TextEncoder().encode("Rule: bad\nidea");
  const warning = { vertex: "a", level: 1n, short, detail: [], url: "", ranges: [] };
  const paint = frames();
  assert.equal(paint(0, [run("a", 1, 2)]), "#1 [a] step\n#1 DONE 1.0s\n");
  assert.equal(
    paint(1, [message({ warnings: [warning, warning] })]),
    "\n#1 [a] step\n#1 WARN: Rule: bad idea\n#1 DONE 1.0s\n",
  );
});

Deno.test("plain mode repeats a status after 5 % or 5 s", () => {
  const paint = frames();
  const total = 1000n;
  paint(0, [run("a", 1)]);
  const cases: Array<[Partial<VertexStatus>, string]> = [
    [{ current: 10n, total }, "#1 id 10B / 1.00kB\n"],
    [{ current: 59n, total }, ""],
    [{ current: 60n, total }, "#1 id 60B / 1.00kB\n"],
    [{ current: 61n, total, timestamp: at(6) }, "#1 id 61B / 1.00kB 5.0s\n"],
    [{ current: 62n, total, timestamp: at(7) }, ""],
    [{ current: total, total, completed: at(8) }, "#1 id 1.00kB / 1.00kB 7.0s done\n"],
  ];
  for (const [parts, expected] of cases) assert.equal(paint(1, [status("id", parts)]), expected);
});

Deno.test("plain mode keeps statuses of the same id apart by step", () => {
  const part = { current: 1n, total: 100n };
  const messages = [
    run("a", 1),
    run("b", 1),
    status("id", part),
    status("id", { ...part, vertex: "b" }),
  ];
  assert.equal(plain(messages).match(/id 1B \/ 100B/g)?.length, 2);
});

Deno.test("plain mode holds DONE back while a part of the work goes on", () => {
  const paint = frames();
  assert.equal(
    paint(0, [run("a", 1, 2), status("id", { current: 5n })]),
    "#1 [a] step\n#1 id 5B\n",
  );
  assert.equal(paint(1, [status("id", { completed: at(3) })]), "#1 id 2.0s done\n#1 DONE 1.0s\n");
  assert.equal(paint(2, [], true), "");
});

Deno.test("plain mode says DONE at the end for a part that never ended", () => {
  const paint = frames();
  paint(0, [run("a", 1, 2), status("id", { current: 5n })]);
  assert.equal(paint(1, [], true), "#1 DONE 1.0s\n");
});

Deno.test("plain mode holds a line back until it ends or stays open for long", () => {
  const paint = frames();
  assert.equal(paint(0, [run("a", 1), log("a", "ha", 1)]), "#1 [a] step\n");
  assert.equal(paint(0.1, [log("a", "lf\nContinue?", 1)]), "#1 0.000 half\n");
  assert.equal(paint(0.4, []), "");
  assert.equal(paint(0.7, []), "#1 0.000 Continue?");
  assert.equal(paint(0.8, []), "");
  assert.equal(paint(0.9, [log("a", " y", 1)]), " y");
  assert.equal(paint(1, [log("a", "es\nnext\n", 1)]), "es\n#1 0.000 next\n");
});

Deno.test("plain mode begins an open line again when it was left for another step", () => {
  const paint = frames();
  paint(0, [run("a", 1), log("a", "dots: ..", 1)]);
  assert.equal(paint(1, []), "#1 0.000 dots: ..");
  assert.equal(
    paint(2, [run("b", 1, 2)]),
    "\n#1 ...\n\n#2 [b] step\n#2 DONE 1.0s\n\n#1 [a] step\n#1 0.000 dots: ..",
  );
  assert.equal(paint(3, [log("a", ".\n", 1)]), ".\n");
});

Deno.test("plain mode shows an open line when the step or the stream ends", () => {
  assert.match(plain([run("a", 1), log("a", "end", 1), run("a", 1, 2)]), /^#1 0.000 end\n#1 DONE/m);
  assert.equal(plain([run("a", 1), log("a", "end", 1)]), "#1 [a] step\n#1 0.000 end\n");
});

Deno.test("plain mode stays with a step that is about as busy as others, but not for ever", () => {
  const paint = frames();
  const chat = (digest: string) => log(digest, `${digest}\n`, 1);
  paint(0, [run("a", 1), run("b", 1)]);
  const shown: string[] = [];
  for (let second = 1; second <= 40; second++) {
    const text = paint(second, [chat("a"), chat("b")]);
    shown.push(text.trimEnd().split("\n").at(-1)!.startsWith("#2") ? "b" : "a");
  }
  const switches = shown.filter((step, index) => index > 0 && step !== shown[index - 1]).length;
  assert.ok(switches >= 2 && switches <= 4, shown.join(""));
});

Deno.test("plain mode gives a silent neighbour its turn after 10 s", () => {
  const paint = frames();
  paint(0, [run("a", 1), log("a", "x\n".repeat(100), 1), run("b", 1)]);
  let turn = 0;
  paint(1, [log("b", "waiting\n", 1)]);
  for (let second = 2; second <= 20 && turn === 0; second++) {
    const text = paint(second, [log("a", "x\n".repeat(100), 1)]);
    if (text.includes("waiting")) turn = second;
  }
  assert.ok(turn >= 10 && turn <= 13, String(turn));
});

Deno.test("plain mode loses no output when the stream breaks off", () => {
  const messages = ["a", "b", "c"].flatMap((
    digest,
  ) => [run(digest, 1), log(digest, `${digest}!\nrest`, 1)]);
  const text = plain(messages);
  for (const digest of ["a", "b", "c"]) {
    assert.match(text, new RegExp(`0.000 ${digest}!\n#\\d 0.000 rest`));
  }
});

Deno.test("plain mode repeats the last ten lines of a failed step at the end", () => {
  const text = Array.from({ length: 12 }, (_, index) => `line ${index}\n`).join("");
  const shown = plain([run("a", 1), log("a", text, 1), run("a", 1, 2, { error: "exit code: 1" })]);
  const block = shown.split("------\n")[1]!;
  assert.deepEqual(block.split("\n").slice(0, 2), [" > [a] step:", "0.000 line 2"]);
  assert.equal(block.trimEnd().split("\n").length, 11);
  assert.ok(shown.endsWith("0.000 line 11\n------\n"));
});

Deno.test("plain mode shows escape sequences of a real build harmless", () => {
  const text = plain(recording("output")).replace(/^(#\d+) \d+\.\d+ /gm, "$1 T ");
  const expected = [
    "#6 T \u001b[32mgreen\u001b[0m plain \u001b[1;31mleft open\u001b[0m",
    "#6 T upline",
    "#6 T after title",
    "#6 T 10%",
    "#6 T 50%",
    "#6 T 100%",
    "#6 T crlf",
  ];
  assert.ok(text.includes(`\n${expected.join("\n")}\n`));
  assert.ok(
    text.includes(
      "#7 T half a line € more end\n#7 T #1 DONE 0.0s\n#7 T no newline at end\n",
    ),
  );
});
