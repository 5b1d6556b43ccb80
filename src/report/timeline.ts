/** The steps of a report, by platform, as bars on one axis; each opens to its output. */
import { formatDuration, formatLogTime } from "../progress/format.ts";
import type { ReportStep } from "./build_report.ts";
import { Markup, markup } from "./markup.ts";

const NONE: Markup = markup``;
/** Ticks on the axis. */
const TICKS = 5;

/** The section of all steps. */
export function renderTimeline(steps: readonly ReportStep[]): Markup {
  if (steps.length === 0) return NONE;
  const length = Math.max(
    0.001,
    ...steps.flatMap(({ runs }) => runs.map((run) => run.to ?? run.from)),
  );
  const platforms = [...new Set(steps.map(({ platform }) => platform))].sort();
  return markup`<h2>Steps</h2>
<p class="legend">${
    [["done", "ran"], ["cached", "from the cache"], ["error", "failed"], ["canceled", "canceled"]]
      .map(([color, word]) =>
        markup`<span><i style="background: var(--${color!})"></i>${word!}</span>`
      )
  }</p>
${platforms.map((platform) => platformSection(platform, platforms, steps, length))}`;
}

function platformSection(
  platform: string,
  platforms: readonly string[],
  steps: readonly ReportStep[],
  length: number,
): Markup {
  const own = steps.filter((step) => step.platform === platform);
  const heading = platforms.length === 1 ? NONE : markup`<h3>${platform || "all platforms"}</h3>`;
  return markup`
    ${heading}<div class="card">
    ${axis(length)}
    ${own.map((step) => stepRow(step, length))}
    </div>
  `;
}

function axis(length: number): Markup {
  const ticks = Array.from({ length: TICKS }, (_, i) => {
    const share = i / (TICKS - 1);
    const seconds = share * length;
    const label = length < 2 ? `${seconds.toFixed(2)}s` : formatDuration(seconds);
    return markup`<span style="--at: ${percent(share)}">${label}</span>`;
  });
  return markup`<div class="axis"><span></span><div class="track">${ticks}</div><span></span></div>`;
}

function stepRow(step: ReportStep, length: number): Markup {
  const { name, state, runs, error } = step;
  const ends = runs.map(({ from, to = length }) => ({ from, to }));
  const seconds = ends.reduce((sum, { from, to }) => sum + to - from, 0);
  const bars = ends.map(({ from, to }) =>
    markup`<span class="bar" style="--at: ${percent(from / length)}; --for: ${
      percent((to - from) / length)
    }"></span>`
  );
  const open = error.length > 0 ? new Markup(" open") : NONE;
  const time = state === "cached"
    ? "cached"
    : state === "canceled"
    ? "canceled"
    : formatDuration(seconds);
  return markup`
    <details class="${state}" ${open}>
      <summary><span class="name">${name}</span><span class="track">${bars}</span><span class="time">${time}</span></summary>
      <div class="more">${more(step)}</div>
    </details>
  `;
}

function more({ error, parts, log, lost }: ReportStep): Markup {
  if (error.length + parts.length + log.length === 0) {
    return markup`<span class="soft">no output</span>`;
  }
  const lines = log.map(({ seconds, text }) =>
    markup`<i>${formatLogTime(seconds).padStart(7)}</i> ${text}\n`
  );
  return markup`${error.length === 0 ? NONE : markup`<pre>${error.join("\n")}</pre>`}${
    parts.length === 0
      ? NONE
      : markup`<pre class="soft">${
        parts.map(({ name, amount }) => `${name} ${amount}`.trimEnd()).join("\n")
      }</pre>`
  }${lost > 0 ? markup`<p class="soft">${lost} earlier lines were not kept</p>` : NONE}${
    log.length === 0 ? NONE : markup`<pre class="log">${lines}</pre>`
  }`;
}

function percent(share: number): string {
  return `${(100 * Math.min(1, Math.max(0, share))).toFixed(2)}%`;
}
