/** The documentation says what is: links lead somewhere, code compiles, commands and flags exist, every code is explained. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { allCommands, flagsOf, readCommandTree } from "../../src/cli/completion/command_tree.ts";
import { REFUSED_FLAGS } from "../../src/cli/build_flags.ts";
import { main } from "../../src/cli/main.ts";
import { reference } from "../../tools/reference.ts";
import { fakeIo } from "../cli/fake_io.ts";
import { run } from "../support/process.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { anchors, codeBlocks, pages, proseOf, ROOT } from "./markdown.ts";

/** Names that examples leave to the reader. */
const PLACEHOLDERS = `
declare const digest: string;
declare function later(): Promise<void>;
declare function ask(key: string): Promise<string>;
declare function isSigned(checksum: string): Promise<boolean>;
declare function readVault(path: string, options: { signal: AbortSignal }): Promise<string>;
declare function cloudLogin(
  scopes: readonly string[],
  options: { signal: AbortSignal },
): Promise<{ username: string; password: string }>;
`;

/** Those that the code does not declare itself. */
function placeholdersFor(code: string): string {
  return /const \{ digest \}/.test(code)
    ? PLACEHOLDERS.replace(/^declare const digest.*$/m, "")
    : PLACEHOLDERS;
}

Deno.test("docs/reference.md is what deno task docs writes", async () => {
  const text = readFileSync(join(ROOT, "docs/reference.md"), "utf8");
  assert(text === await reference(), "docs/reference.md is stale: run deno task docs");
});

Deno.test("links in the documentation lead to files and headings that are there", () => {
  const all = new Map(pages().map((page) => [page.path, page]));
  const broken = [...all.values()].flatMap((page) => {
    const links = [...proseOf(page).matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1]!);
    return links.filter((link) => !/^[a-z]+:/.test(link)).filter((link) => {
      const [file = "", anchor] = link.split("#");
      const path = file === "" ? page.path : join(dirname(page.path), file);
      if (!existsSync(join(ROOT, path))) return true;
      const target = all.get(path);
      return anchor !== undefined && (target === undefined || !anchors(target).has(anchor));
    }).map((link) => `${page.path}: ${link}`);
  });
  assert.deepEqual(broken, []);
});

Deno.test("docs/README.md leads to every page of the documentation", () => {
  const index = readFileSync(join(ROOT, "docs/README.md"), "utf8");
  const others = pages().map(({ path }) => path)
    .filter((path) => path.startsWith("docs/") && path !== "docs/README.md");
  assert.deepEqual(others.filter((path) => !index.includes(`](${path.slice(5)})`)), []);
});

Deno.test("TypeScript in the documentation and in doc comments compiles", async () => {
  await using folder = tempFolder();
  const module = JSON.stringify(pathToFileURL(join(ROOT, "mod.ts")).href);
  const blocks = pages().filter(({ path }) => path !== "docs/reference.md").flatMap(codeBlocks)
    .filter(({ language }) => language === "ts");
  const files = blocks.map(({ path, line, text }) => {
    const file = join(folder.path, `${path.replaceAll("/", "_")}_${line}.ts`);
    const isOption = /^\w+: /.test(text);
    const whole = isOption ? `export const options: BuildOptions = {\n${text}};\n` : text;
    const own = isOption ? `import type { BuildOptions } from "@moat/build";\n` : "";
    const build = /import \{/.test(own + text) ? "" : `import { build } from "@moat/build";\n`;
    const code = (build + own + whole).replaceAll(`"@moat/build"`, module);
    writeFileSync(file, `${code}\nexport {};\n${placeholdersFor(code)}`);
    return file;
  });
  assert(files.length > 20);
  const commented = await run("grep", ["-rl", "```ts", "src", "mod.ts"], { cwd: ROOT });
  const all = [...files, ...commented.stdout.trim().split("\n")];
  const { code, stderr } = await run(Deno.execPath(), ["check", "--doc", ...all], { cwd: ROOT });
  assert.equal(code, 0, stderr);
});

Deno.test("command lines in the documentation have commands and flags that exist", async () => {
  const known = allCommands(await readCommandTree(main, fakeIo()))
    .map((command) => ({ ...command, name: command.path.join(" ") }));
  const lines = pages().flatMap((page) => {
    const inline = [...page.text.matchAll(/`((?:\w+=\S+ )*moat-build [^`\n]+)`/g)];
    const blocks = codeBlocks(page).filter(({ language }) => language === "sh");
    const inBlocks = blocks.flatMap(({ text }) => text.replaceAll("\\\n", " ").split("\n"));
    return [...inline.map((match) => match[1]!), ...inBlocks].map((line) => [page.path, line]);
  });
  const wrong = lines.flatMap(([path, line]) => {
    const called = /(?:^|[\s;|&(])(?:moat-build|jsr:@moat\/build|npx @moat\/build) (.*)$/.exec(
      line!,
    )?.[1];
    if (called === undefined || line!.startsWith("deno install")) return [];
    const words = called.replace(/ #.*$/, "").split(/\s+/);
    const command = known.filter(({ name }) =>
      name === "" || `${words.join(" ")} `.startsWith(`${name} `)
    )
      .sort((a, b) => b.name.length - a.name.length)[0]!;
    if (command.name === "" && /^[a-z]/.test(words[0]!)) {
      return [`${path}: ${line}: no ${words[0]}`];
    }
    const flags = flagsOf(command).flatMap(({ name, short }) => [`--${name}`, `-${short}`]);
    const end = words.findIndex((word) => /^[|>&;)]/.test(word));
    return words.slice(0, end < 0 ? undefined : end)
      .filter((word) => /^-{1,2}[a-z]/.test(word)).map((word) => word.split("=")[0]!)
      .filter((flag) => !flags.includes(flag) && !flags.includes(flag.slice(0, 2)))
      .filter((flag) => !Object.hasOwn(REFUSED_FLAGS, flag.slice(2)))
      .map((flag) => `${path}: ${line}: no ${flag} of ${command.name || "moat-build"}`);
  });
  assert.deepEqual(wrong, []);
});

Deno.test("tasks in the documentation are in deno.json", () => {
  const { tasks } = JSON.parse(readFileSync(join(ROOT, "deno.json"), "utf8"));
  const wrong = pages().flatMap(({ path, text }) =>
    [...text.matchAll(/(?:deno|deno@[\d.]+) task (\w+)/g)].map((match) => match[1]!)
      .filter((task) => !Object.hasOwn(tasks, task)).map((task) => `${path}: ${task}`)
  );
  assert.deepEqual(wrong, []);
});

Deno.test("docs/errors.md and docs/troubleshooting.md explain every code of our errors", () => {
  const types = ["src/errors.ts", "src/diagnosis/failure.ts"]
    .map((path) => readFileSync(join(ROOT, path), "utf8")).join("\n");
  const unions = [...types.matchAll(/^export type \w+Code =\n?([\s\S]*?);/gm)].map((match) =>
    match[1]!
  );
  const fixed = [...types.matchAll(/readonly code = ("[A-Z_]+")/g)].map((match) => match[1]!);
  const codes = [...unions, ...fixed].join(" ").match(/"[A-Z_]+"/g)!.map((code) =>
    code.slice(1, -1)
  );
  assert(codes.length > 60, `${codes.length} codes`);
  const errors = readFileSync(join(ROOT, "docs/errors.md"), "utf8");
  const headings = readFileSync(join(ROOT, "docs/troubleshooting.md"), "utf8").match(/^### .*$/gm)!;
  const missing = [...new Set(codes)].filter((code) =>
    !errors.includes(`\`${code}\``) || !headings.some((line) => line.split(" ").includes(code))
  );
  assert.deepEqual(missing, []);
});

Deno.test("failed builds in docs/troubleshooting.md look as they do in the tests", () => {
  const folder = join(ROOT, "tests/errors/broken_builds");
  const printed = readdirSync(folder)
    .map((name) => readFileSync(join(folder, name, "printed.txt"), "utf8")).join("\n")
    .replaceAll(/\{\{\w+\}\}/g, "registry.example").split("\n");
  const page = pages().find(({ path }) => path === "docs/troubleshooting.md")!;
  const shown = codeBlocks(page).filter(({ language }) => language === "text")
    .flatMap(({ text }) => text.split("\n")).filter((line) => /^(?:error|hint): /.test(line));
  assert(shown.length > 30, `${shown.length} lines`);
  assert.deepEqual(shown.filter((line) => !printed.some((text) => text.startsWith(line))), []);
});
