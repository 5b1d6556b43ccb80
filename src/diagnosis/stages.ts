/** The stages of a Dockerfile, as far as advice needs them. */
import type { BuildFacts } from "./failure.ts";

const FROM_REGEXP = /^\s*FROM\s+(?:--\S+\s+)*\S+(?:\s+AS\s+(\S+))?\s*$/i;
const HEREDOC_REGEXP = /<<-?\s*(["']?)([A-Za-z_][\w.]*)\1/g;

/** A Dockerfile larger than this was not written by hand, and is not read for advice. */
const MAX_SIZE = 1 << 20;

/** The names of the stages, in their order; stages without a name are left out. */
export function stageNames(dockerfile: string): string[] {
  const names: string[] = [];
  const open: string[] = [];
  let before = "";
  for (const line of dockerfile.split(/\r?\n/)) {
    if (open.length > 0) {
      if (line.trim() === open[0]) open.shift();
      continue;
    }
    if (/^\s*#/.test(line)) continue;
    const whole = before + line;
    before = /\\\s*$/.test(line) ? whole.replace(/\\\s*$/, " ") : "";
    if (before !== "") continue;
    const name = FROM_REGEXP.exec(whole)?.[1];
    if (name !== undefined) names.push(name);
    if (/^\s*(RUN|COPY|ADD)\b/i.test(whole)) {
      for (const [, , word] of whole.matchAll(HEREDOC_REGEXP)) open.push(word!);
    }
  }
  return names;
}

/** Whether a line, counted from 1, is within a heredoc or ends one. */
export function inHeredoc(dockerfile: string, line: number): boolean {
  const open: string[] = [];
  for (const text of dockerfile.split(/\r?\n/).slice(0, line - 1)) {
    if (open.length > 0) {
      if (text.trim() === open[0]) open.shift();
    } else if (!/^\s*#/.test(text)) {
      for (const [, , word] of text.matchAll(HEREDOC_REGEXP)) open.push(word!);
    }
  }
  return open.length > 0;
}

/** The text of a build's Dockerfile; undefined where it is not on this side. */
export function readDockerfile({ trees, filename }: BuildFacts): string | undefined {
  const tree = trees.get("dockerfile");
  const stat = tree?.stat(filename);
  if (tree === undefined || stat === undefined || stat.size > MAX_SIZE) return undefined;
  const content = tree.open(filename);
  try {
    const bytes = new Uint8Array(stat.size);
    return new TextDecoder().decode(bytes.subarray(0, content.read(bytes)));
  } finally {
    content.close();
  }
}

/** The stages as a sentence; what to do where there are none. */
export function describeStages(names: readonly string[]): string {
  if (names.length === 0) return "The Dockerfile names no stage: write FROM ... AS NAME.";
  return names.length === 1
    ? `The only stage with a name is ${names[0]}.`
    : `Stages are ${names.join(", ")}.`;
}
