/** What is sent of folders, against fsutil's walk over the same ones. */
import { linkSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { OptionError } from "../../src/errors.ts";
import { openDirectory } from "../../src/files/directory.ts";
import { walkTree } from "../../src/files/filter.ts";
import { followLinks } from "../../src/files/follow_links.ts";
import { agreement, isError } from "./oracle.ts";
import { orRefused, REFUSED, textOf } from "./support.ts";

const NAMES = ["a", "b", "ab", "a-", "a.b", "*", "é"];
const NAME = fc.constantFrom(...NAMES);
const PATH = fc.array(NAME, { minLength: 1, maxLength: 3 }).map((names) => names.join("/"));

/** Where a symlink leads: nowhere, up, out, to itself, to many. */
const TARGET = fc.oneof(
  PATH,
  PATH.map((path) => `/${path}`),
  PATH.map((path) => `../${path}`),
  textOf(["a", "b", "ab", "..", ".", "/", "/", "*", "?", "[ab]", "\\", "é"], 6),
).map((target) => target === "" ? "." : target);

interface Entry {
  readonly path: string;
  readonly link?: string;
  readonly same?: string;
  readonly folder?: true;
}

const ENTRY: fc.Arbitrary<Entry> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ path: PATH, link: TARGET }) },
  { weight: 3, arbitrary: fc.record({ path: PATH }) },
  { weight: 1, arbitrary: fc.record({ path: PATH, folder: fc.constant<true>(true) }) },
  { weight: 1, arbitrary: fc.record({ path: PATH, same: PATH }) },
);
const TREE = fc.array(ENTRY, { minLength: 1, maxLength: 9 });

/** Makes what can be made of the entries; the first at a place wins. */
function lay(entries: readonly Entry[], root: string): void {
  for (const { path, link, same, folder } of entries) {
    try {
      mkdirSync(join(root, dirname(path)), { recursive: true });
      if (link !== undefined) symlinkSync(link, join(root, path));
      else if (folder) mkdirSync(join(root, path));
      else if (same !== undefined) linkSync(join(root, same), join(root, path));
      else writeFileSync(join(root, path), "", { flag: "wx" });
    } catch (error) {
      // There is something else, or nothing to link to.
      if (!IMPOSSIBLE.has((error as { code?: string }).code ?? "")) throw error;
    }
  }
}

const IMPOSSIBLE = new Set(["EEXIST", "ENOTDIR", "ENOENT", "ELOOP", "EISDIR", "EPERM"]);

/** Paths as a Dockerfile has them: with wildcards, climbing, absolute. */
const WANTED = fc.oneof(
  PATH,
  textOf(
    ["a", "b", "ab", "a-", "*", "*", "?", "[ab]", "[", "\\*", "/", "/", "/", "..", ".", "é"],
    7,
  ),
);
const PATTERN = textOf(["a", "b", "ab", "*", "**", "?", "/", "/", "!", "[ab]", ".", "é"], 6);

agreement("followLinks() follows as fsutil does", {
  inputs: fc.record({ entries: TREE, paths: fc.array(WANTED, { minLength: 1, maxLength: 3 }) }),
  runs: 1_000,
  lay: ({ entries }, folder) => lay(entries, folder),
  question: ({ paths }, folder) => ({ ask: "follow", folder, paths }),
  ours: ({ paths }, folder) => followLinks(openDirectory(folder), paths) ?? null,
});

agreement("walkTree() lists what fsutil lists", {
  inputs: fc.record({
    entries: TREE,
    includes: fc.oneof(fc.constant([]), fc.array(PATTERN, { maxLength: 3 })),
    excludes: fc.oneof(fc.constant([]), fc.array(PATTERN, { maxLength: 3 })),
    follow: fc.oneof(fc.constant([]), fc.array(WANTED, { maxLength: 2 })),
  }),
  runs: 1_000,
  lay: ({ entries }, folder) => lay(entries, folder),
  question: ({ includes, excludes, follow }, folder) => ({
    ...{ ask: "walk", folder, patterns: includes, excludes },
    // An empty list would ask for nothing.
    ...(follow.length > 0 && { paths: follow }),
  }),
  ours: ({ includes, excludes, follow }, folder) =>
    orRefused(
      () =>
        [...walkTree(openDirectory(folder), {
          includePatterns: includes,
          excludePatterns: excludes,
          followPaths: follow,
        })].map(({ path, mode, linkname }) => `${path} ${mode.toString(8)} ${linkname}`),
      OptionError,
    ),
  theirs: (answer) => isError(answer) ? REFUSED : answer,
});
