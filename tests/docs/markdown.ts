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
  /** What stands behind the language, for example `no-run: it needs a cloud`. */
  readonly info: string;
  readonly text: string;
}

const FENCE_REGEXP = /^( *)```(\w*)([^\n]*)\n([\s\S]*?)^\1```$/gm;

/** The folders of pages for readers of the repository, with what is below them. */
const FOLDERS = ["docs", "examples"];

/** All pages for readers of the repository that is in a folder, by default this one. */
export function pages(root: string = ROOT): Page[] {
  const below = FOLDERS.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .map((name) => `${folder}/${name}`)
  );
  return [...readdirSync(root), ...below].filter((name) => name.endsWith(".md")).sort()
    .map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));
}

/** The page's blocks of code. */
export function codeBlocks({ path, text }: Page): CodeBlock[] {
  return [...text.matchAll(FENCE_REGEXP)].map((match) => ({
    path,
    line: text.slice(0, match.index).split("\n").length,
    language: match[2]!,
    info: match[3]!.trim(),
    text: match[4]!,
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
