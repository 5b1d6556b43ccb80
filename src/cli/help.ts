/** Help screens, at most 80 columns wide. */
import type { Flag, FlagTable } from "./flags.ts";

/** What a help screen shows. */
export interface HelpScreen {
  /** The command line's form. */
  usage: string;
  summary: string;
  /** Tables of flags by heading. */
  groups: Readonly<Record<string, FlagTable>>;
  /** Lines below. */
  notes?: readonly string[];
}

/** Renders a help screen, one line for each flag. */
export function renderHelp({ usage, summary, groups, notes = [] }: HelpScreen): string {
  const sections = Object.entries(groups).map(([heading, table]) => {
    const lines = Object.entries(table).map(([name, flag]) => flagLine(name, flag));
    return `${heading}:\n${lines.join("\n")}`;
  });
  const parts = [`${summary}\n\nUsage: ${usage}`, ...sections];
  if (notes.length > 0) parts.push(notes.join("\n"));
  return parts.join("\n\n") + "\n";
}

function flagLine(name: string, { short, value, many, help }: Flag): string {
  const form = `${short === undefined ? "   " : `-${short},`} --${name}${value ? ` ${value}` : ""}`;
  return `  ${form}`.padEnd(29) + ` ${help}${many ? "; repeatable" : ""}`;
}
