import assert from "node:assert/strict";
import { folderOf } from "../build/support.ts";
import { documentedCommands } from "./commands.ts";

/** A repository of which only one page matters. */
function repositoryOf(page: string) {
  return folderOf({ "README.md": page, "docs/README.md": "", "examples/README.md": "" });
}

const block = (tag: string, text: string) => `\`\`\`sh${tag}\n${text}\n\`\`\`\n`;

Deno.test("documentedCommands() finds blocks of sh, each once, and counts their commands", async () => {
  const text = "# first\nmoat-build build \\\n  -t app .\n\nmoat-build du";
  await using folder = repositoryOf(
    `${block("", text)}${block("", text)}\`\`\`ts\nlet x;\n\`\`\`\n`,
  );
  const [commands, ...more] = documentedCommands(folder.path);
  assert.deepEqual(more, []);
  assert.deepEqual(commands, {
    name: "README.md:1",
    count: 2,
    text: `${text}\n`,
    exitCode: 0,
    leftOut: undefined,
    inRepository: false,
    disturbs: false,
  });
});

Deno.test("documentedCommands() reads tags", async () => {
  await using folder = repositoryOf([
    block(" no-run: it needs a cloud", "cloud login"),
    block(" no-run", "other"),
    block(" exit=1", "false"),
  ].join(""));
  const found = documentedCommands(folder.path).map(({ leftOut, exitCode }) => [leftOut, exitCode]);
  assert.deepEqual(found, [["it needs a cloud", 0], ["no reason given", 0], [undefined, 1]]);
});

Deno.test("documentedCommands() knows what works on the repository, and what disturbs others", async () => {
  await using folder = repositoryOf([
    block("", "deno run -A examples/hello.ts"),
    block("", "moat-build prune --force"),
  ].join(""));
  const found = documentedCommands(folder.path);
  assert.deepEqual(found.map(({ inRepository }) => inRepository), [true, false]);
  assert.deepEqual(found.map(({ disturbs }) => disturbs), [false, true]);
});

for (
  const [tag, text] of [[" norun", "x"], ["", "deno task test"], ["", "bash .ci/run"]] as const
) {
  Deno.test(`documentedCommands() refuses sh${tag} with ${text}`, async () => {
    await using folder = repositoryOf(block(tag, text));
    assert.throws(() => documentedCommands(folder.path), /^Error: README\.md:1: /);
  });
}
