/** The documentation's files, and what of them can be checked. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of all. */
export const ROOT: string = fileURLToPath(new URL("../../", import.meta.url));

/** A Markdown file, by its path from the root. */
export interface Page {
  readonly path: string;
  readonly text: string;
}

/** A fenced block of code. */
export interface CodeBlock {
  readonly path: string;
  readonly line: number;
  readonly language: string;
  readonly text: string;
}

const FENCE_REGEXP = /^( *)```(\w*)[^\n]*\n([\s\S]*?)^\1```$/gm;

/** All pages for readers of the repository. */
export function pages(): Page[] {
  const top = readdirSync(ROOT).filter((name) => name.endsWith(".md"));
  const docs = readdirSync(join(ROOT, "docs"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"));
  return [...top, ...docs.map((name) => `docs/${name}`)].sort()
    .map((path) => ({ path, text: readFileSync(join(ROOT, path), "utf8") }));
}

/** The page's blocks of code. */
export function codeBlocks({ path, text }: Page): CodeBlock[] {
  return [...text.matchAll(FENCE_REGEXP)].map((match) => ({
    path,
    line: text.slice(0, match.index).split("\n").length,
    language: match[2]!,
    text: match[3]!,
  }));
}

/** The page's text without blocks and spans of code. */
export function proseOf({ text }: Page): string {
  return text.replaceAll(FENCE_REGEXP, "").replaceAll(/`[^`\n]*`/g, "");
}

/** The anchors of a page's headings, as GitHub makes them. */
export function anchors({ text }: Page): Set<string> {
  const headings = text.replaceAll(FENCE_REGEXP, "").matchAll(/^#+ (.*)$/gm);
  return new Set(
    [...headings].map(([, heading]) =>
      heading!.toLowerCase().replaceAll(/[^\p{L}\p{N} _-]/gu, "").replaceAll(" ", "-")
    ),
  );
}
