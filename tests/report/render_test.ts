import assert from "node:assert/strict";
import { Markup, markup } from "../../src/report/markup.ts";
import { renderReport } from "../../src/report/render.ts";
import { recording } from "../progress/support.ts";
import { reportOf } from "./support.ts";

Deno.test("markup escapes what is put into it, and markup only once", () => {
  const inner = markup`<b title="${'"><i>'}">${"<&'"}</b>`;
  assert.equal(inner.toString(), '<b title="&quot;&gt;&lt;i&gt;">&lt;&amp;&#39;</b>');
  assert.equal(markup`${[inner, inner]}${1}`.toString(), `${inner}${inner}1`);
  assert.equal(markup`${new Markup("<br>")}`.toString(), "<br>");
});

Deno.test("renderReport() makes a page that asks for nothing", () => {
  for (const name of ["success", "failure", "cached", "platforms", "cancel", "output", "many"]) {
    const page = renderReport(reportOf(recording(name)));
    assert.ok(page.trimStart().startsWith("<!DOCTYPE html>"), name);
    assert.doesNotMatch(page, /<(?:script|link|img|iframe|base|form)\b/i, name);
    assert.doesNotMatch(page, /\bsrc=|@import|url\(/i, name);
    // deno-lint-ignore no-control-regex -- that is what must not be there
    assert.doesNotMatch(page, /[\x00-\x08\x0b-\x1f\x7f-\x9f]/, name);
  }
});

Deno.test("renderReport() shows each step once, its output and how it ended", () => {
  const page = renderReport(reportOf(recording("failure")));
  assert.equal(page.match(/<details/g)?.length, 7);
  assert.equal(page.match(/<details class="error"\s+open>/g)?.length, 1);
  assert.equal(page.match(/<details class="canceled"/g)?.length, 1);
  assert.equal(page.match(/<details class="cached"/g)?.length, 2);
  assert.match(page, /fatal: no such thing/);
});
