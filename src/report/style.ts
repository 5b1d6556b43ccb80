/** The look of a report. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --ink: light-dark(#1c2024, #e6e8eb); --soft: light-dark(#5d656f, #9aa4af);
  --paper: light-dark(#f6f7f9, #14171a); --card: light-dark(#fff, #1c2024);
  --line: light-dark(#dfe3e8, #30363d); --log: light-dark(#f2f4f6, #101214);
  --done: #2f7de1; --cached: light-dark(#a3b1c2, #56616e); --error: #d43b3b; --canceled: #c98a12;
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 2rem 1.5rem 4rem; max-width: 90rem;
  font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper);
}
h1 { margin: 0; font-size: 1.6rem; overflow-wrap: anywhere; }
h2 { margin: 2.2rem 0 .6rem; font-size: 1.1rem; }
h3 { margin: 1rem 0 .3rem; font-size: .9rem; color: var(--soft); }
pre, code, .name, td { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: .82rem; }
pre { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; }
a { color: inherit; }
.soft { color: var(--soft); }
.badge { padding: .1rem .6rem; border-radius: 1rem; color: #fff; font-size: .8rem; vertical-align: middle; }
.badge.completed { background: #26834a; }
.badge.error { background: var(--error); }
.badge.canceled { background: var(--canceled); }
.facts { display: flex; flex-wrap: wrap; gap: .8rem; margin-top: 1.2rem; }
.fact { padding: .6rem 1rem; border: 1px solid var(--line); border-radius: .5rem; background: var(--card); }
.fact b { display: block; font-size: 1.25rem; font-weight: 600; }
.card { border: 1px solid var(--line); border-radius: .5rem; background: var(--card); overflow: hidden; }
.failure { padding: .8rem 1rem; border-left: 4px solid var(--error); }
details + details { border-top: 1px solid var(--line); }
summary, .axis {
  display: grid; grid-template-columns: minmax(12rem, 42%) 1fr 5rem; gap: 1rem; align-items: center;
  padding: .3rem 1rem;
}
summary { cursor: pointer; list-style: none; }
summary::-webkit-details-marker { display: none; }
summary:hover { background: var(--log); }
.name { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.name::before { content: "\\25b8\\a0"; color: var(--soft); }
details[open] .name::before { content: "\\25be\\a0"; }
details[open] .name { white-space: normal; overflow-wrap: anywhere; }
.time { text-align: right; font-variant-numeric: tabular-nums; font-size: .82rem; color: var(--soft); }
.track { position: relative; height: 1rem; }
.bar {
  position: absolute; left: var(--at); width: var(--for); min-width: 3px; height: 100%;
  border-radius: 2px; background: var(--done);
}
.cached .bar { background: var(--cached); }
.error .bar { background: var(--error); }
.canceled .bar, .running .bar { background: var(--canceled); }
.axis { color: var(--soft); font-size: .75rem; border-bottom: 1px solid var(--line); }
.axis .track span { position: absolute; left: var(--at); transform: translateX(-50%); }
.axis .track span:first-child { transform: none; }
.axis .track span:last-child { transform: translateX(-100%); }
.more > * + * { margin-top: .6rem; }
.more { padding: .4rem 1rem 1rem; }
.log { max-height: 28rem; overflow: auto; padding: .6rem .8rem; border-radius: .4rem; background: var(--log); }
.log i { font-style: normal; color: var(--soft); user-select: none; }
table { width: 100%; border-collapse: collapse; }
td { padding: .3rem 1rem; vertical-align: top; overflow-wrap: anywhere; }
tr + tr td { border-top: 1px solid var(--line); }
td:first-child { width: 14rem; color: var(--soft); }
td.size { width: 8rem; text-align: right; white-space: nowrap; }
.legend span { margin-right: 1rem; font-size: .8rem; color: var(--soft); }
.legend i { display: inline-block; width: .8rem; height: .8rem; margin-right: .3rem; border-radius: 2px; vertical-align: -1px; }
@media print { .log { max-height: none; } }
`;
