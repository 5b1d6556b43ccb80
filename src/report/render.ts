/** A report as one HTML page: it asks for nothing from anywhere and runs no script. */
import { formatBytes, formatDuration } from "../progress/format.ts";
import { safeInline } from "../progress/safe_text.ts";
import type { WarningSummary } from "../progress/summary.ts";
import type { BuildReport, ReportTransfer } from "./build_report.ts";
import { Markup, markup } from "./markup.ts";
import { STYLE } from "./style.ts";
import { renderTimeline } from "./timeline.ts";

const NONE: Markup = markup``;
/** Files listed of each folder. */
const LISTED = 200;

const WORDS = { completed: "built", error: "failed", canceled: "canceled" } as const;

/** The page. */
export function renderReport(report: BuildReport): string {
  const { title, outcome, ref, startedAt } = report;
  const when = startedAt === undefined
    ? ""
    : startedAt.toISOString().replace("T", " ").slice(0, 19);
  return markup`
    <!DOCTYPE html>
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src 'unsafe-inline'">
        <title>${title}: ${WORDS[outcome]}</title>
        <style>${new Markup(STYLE)}</style>
      </head>
      <body>
    <h1>${title} <span class="badge ${outcome}">${WORDS[outcome]}</span></h1>
    <div class="soft">${when === "" ? "" : `${when} UTC, `}build <code>${ref}</code></div>
    ${facts(report)}
    ${failure(report)}
    ${renderTimeline(report.steps)}
    ${warnings(report.warnings)}
    ${pairs("Inputs", report.inputs)}
    ${pairs("Outputs", report.outputs)}
    ${transfers(report.transfers)}
      </body>
    </html>
  `.toString();
}

function facts({ seconds, steps, cache, warnings, transfers }: BuildReport): Markup {
  const bytes = transfers.reduce((sum, transfer) => sum + transfer.bytes, 0);
  const files = transfers.reduce((sum, transfer) => sum + transfer.files, 0);
  const share = cache.steps === 0 ? 0 : Math.round(100 * cache.cached / cache.steps);
  const list: [value: string, name: string][] = [
    [formatDuration(seconds), "time"],
    [String(steps.length), "steps"],
    ...(cache.steps === 0
      ? []
      : [[`${share}%`, `from the cache: ${cache.cached} of ${cache.steps}`]] as [string, string][]),
    [formatBytes(bytes), `sent in ${files} ${files === 1 ? "file" : "files"}`],
    [String(warnings.length), warnings.length === 1 ? "warning" : "warnings"],
  ];
  return markup`<div class="facts">${
    list.map(([value, name]) =>
      markup`<div class="fact"><b>${value}</b><span class="soft">${name}</span></div>`
    )
  }</div>`;
}

function failure({ error }: BuildReport): Markup {
  if (error.length === 0) return NONE;
  return markup`
    <h2>What went wrong</h2>
    <div class="card failure">
      <pre>${error.join("\n")}</pre>
    </div>
  `;
}

function warnings(list: readonly WarningSummary[]): Markup {
  if (list.length === 0) return NONE;
  const rows = list.map(({ rule = "", message, url, place = "" }) =>
    markup`
      <tr>
        <td>${safeInline(place)}</td>
        <td>${safeInline(message)} ${link(rule, url)}</td>
      </tr>
    `
  );
  return markup`
    <h2>Warnings</h2>
    <div class="card">
      <table>${rows}</table>
    </div>
  `;
}

/** Only what is surely a web address becomes a link. */
function link(rule: string, url: string | undefined): Markup {
  const name = safeInline(rule === "" ? url ?? "" : rule);
  if (url === undefined || !/^https?:\/\//.test(url)) return markup`${name}`;
  return markup`<a href="${safeInline(url)}" rel="noreferrer">${name}</a>`;
}

function pairs(heading: string, list: BuildReport["inputs"]): Markup {
  if (list.length === 0) return NONE;
  const rows = list.map(([name, value]) =>
    markup`
      <tr>
        <td>${name}</td>
        <td>${value}</td>
      </tr>
    `
  );
  return markup`
    <h2>${heading}</h2>
    <div class="card">
      <table>${rows}</table>
    </div>
  `;
}

function transfers(list: readonly ReportTransfer[]): Markup {
  if (list.length === 0) return NONE;
  return markup`<h2>Sent to the builder</h2>${list.map(transferSection)}`;
}

function transferSection({ name, entries, files, bytes, largest }: ReportTransfer): Markup {
  const shown = largest.slice(0, LISTED);
  const rest = files - shown.length;
  const rows = shown.map(({ path, size }) =>
    markup`
      <tr>
        <td class="size">${formatBytes(size)}</td>
        <td>${safeInline(path)}</td>
      </tr>
    `
  );
  return markup`<h3>${name}: ${files} of ${entries} listed entries, ${formatBytes(bytes)}</h3>${
    rows.length === 0 ? NONE : markup`
      <div class="card">
        <table>${rows}</table>
      </div>
    `
  }${rest > 0 ? markup`<p class="soft">and ${rest} smaller ones</p>` : NONE}`;
}
