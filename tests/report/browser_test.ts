/** Reports in a real browser. `MOAT_SCREENSHOTS=FOLDER` keeps what they look like. */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { build } from "../../src/build.ts";
import type { StatusResponse } from "../../src/gen/control.ts";
import { renderReport } from "../../src/report/render.ts";
import { log, message, recording, run } from "../progress/support.ts";
import { openPage, type Page } from "../support/browser.ts";
import { daemonTest } from "../support/env.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { reportOf } from "./support.ts";

const HOSTILE = `</title></style></pre><script>document.title = "hacked"</script>` +
  `<img src=http://127.0.0.1:1/x onerror="document.title='hacked'">"'><b>\u001b]0;t\u0007\u202e`;

const OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth";

async function keep(page: Page, name: string): Promise<void> {
  const bytes = await page.screenshot();
  assert.deepEqual([...bytes.subarray(1, 4)], [...new TextEncoder().encode("PNG")]);
  assert.ok(bytes.length > 5_000);
  const folder = process.env.MOAT_SCREENSHOTS;
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.png`), bytes);
}

daemonTest("a report shows a real build in a browser", async ({ address, baseImage, tools }) => {
  await using folder = tempFolder();
  const file = join(folder.path, "build.html");
  const dockerfile = `FROM ${baseImage} as base\nRUN echo ${crypto.randomUUID()} '<b>bold</b>'\n` +
    "FROM scratch\nCOPY --from=base /bin/busybox /\nCOPY big /\n";
  const context = { "big": crypto.randomUUID().repeat(343), "unused": "y" };
  const buildArgs = { TOKEN: "hidden-value" };
  const options = { address, dockerfile, context, buildArgs, tags: ["report-test"], report: file };
  const { digest } = await build(options);
  await using page = await openPage(tools.browser, pathToFileURL(file).href);
  await page.resize(1300, 1000);
  const text = await page.evaluate<string>("document.body.innerText");
  for (const part of ["report-test", "built", digest!, "TOKEN", "FromAsCasing", "12.35kB"]) {
    assert.ok(text.includes(part), `${part} is missing in:\n${text}`);
  }
  assert.ok(!readFileSync(file, "utf8").includes("hidden-value"));
  assert.deepEqual(page.requests, [pathToFileURL(file).href]);
  assert.deepEqual(page.messages, []);
  const bars = await page.evaluate<number[]>(
    "[...document.querySelectorAll('.bar')].map((bar) => bar.getBoundingClientRect().width)",
  );
  assert.ok(bars.length >= 6 && bars.every((width) => width >= 3), JSON.stringify(bars));
  await keep(page, "success");
  // A step opens to its output.
  const shown = await page.evaluate<string>(`(() => {
    const step = [...document.querySelectorAll("details")].find((it) => it.innerText.includes("RUN"));
    step.querySelector("summary").click();
    return step.querySelector(".log").innerText;
  })()`);
  assert.match(shown, /^ +\d\.\d{3} [0-9a-f-]{36} <b>bold<\/b>\n?$/);
});

daemonTest("a report of a failed build says what went wrong", async ({ address, tools }) => {
  await using folder = tempFolder();
  const file = join(folder.path, "build.html");
  const options = { address, dockerfile: "FROM scratch\nCOPY missing /\n", report: file };
  await assert.rejects(build(options), /missing/);
  await using page = await openPage(tools.browser, pathToFileURL(file).href);
  await page.resize(900, 900);
  const text = await page.evaluate<string>("document.body.innerText");
  assert.match(text, /failed[\s\S]*What went wrong[\s\S]*missing/);
  await keep(page, "failure");
});

daemonTest("a report holds whatever a build says", async ({ tools }) => {
  await using folder = tempFolder();
  const bytes = new TextEncoder().encode(HOSTILE);
  const messages: StatusResponse[] = [
    run("a", 1, 2, { name: HOSTILE, error: HOSTILE }),
    log("a", `${HOSTILE}\n${"wide ".repeat(1000)}${"w".repeat(5000)}\n`, 1.5),
    message({
      statuses: [{ id: HOSTILE, vertex: "a", name: HOSTILE, current: 1n, total: 2n, started: 1n }],
      warnings: [{
        vertex: "a",
        level: 1n,
        short: bytes,
        detail: [],
        url: `javascript:document.title="hacked"//${HOSTILE}`,
        info: { filename: HOSTILE, data: bytes, language: "" },
        ranges: [{ start: { line: 1, character: 0 } }],
      }],
    }),
  ];
  const report = reportOf(messages, {
    title: HOSTILE,
    inputs: [[HOSTILE, HOSTILE]],
    outputs: [[HOSTILE, HOSTILE]],
    transfers: [
      { name: HOSTILE, entries: 1, files: 1, bytes: 1, largest: [{ path: HOSTILE, size: 1 }] },
    ],
    failure: { error: new Error(HOSTILE), canceled: false },
  });
  const file = join(folder.path, "a.html");
  writeFileSync(file, renderReport(report));
  await using page = await openPage(tools.browser, pathToFileURL(file).href);
  assert.match(await page.evaluate("document.title"), /^<\/title><\/style>.*: failed$/);
  assert.equal(await page.evaluate("document.querySelectorAll('script, img, a').length"), 0);
  assert.ok(
    !(await page.evaluate<string>("document.querySelector('h1').innerText")).includes("\u202e"),
  );
  assert.deepEqual(page.requests, [pathToFileURL(file).href]);
  for (const width of [360, 1300]) {
    await page.resize(width, 800);
    assert.equal(await page.evaluate(OVERFLOW), 0, `${width} columns`);
  }
  await keep(page, "hostile");
});

daemonTest("a report shows two hundred steps and two platforms", async ({ tools }) => {
  await using folder = tempFolder();
  for (const [name, steps] of [["many", 216], ["platforms", 6]] as const) {
    const file = join(folder.path, `${name}.html`);
    writeFileSync(file, renderReport(reportOf(recording(name))));
    await using page = await openPage(tools.browser, pathToFileURL(file).href);
    await page.resize(1300, 1000);
    assert.equal(await page.evaluate("document.querySelectorAll('details').length"), steps);
    assert.deepEqual(page.messages, []);
    await keep(page, name);
  }
});
