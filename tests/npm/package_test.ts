/** The package for npm: packed, installed into an empty folder, and used there against real builders. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packForNpm } from "../../tools/npm.ts";
import { writeFiles } from "../build/support.ts";
import { daemonTest, type TestEnvironment } from "../support/env.ts";
import { run, runOk } from "../support/process.ts";
import { runSuite, transpileSuite } from "./suite.ts";
import { installRuntimes, type Runtime } from "../support/runtimes.ts";
import { tempFolder } from "../support/temp_folder.ts";

const DOCKERFILE = "FROM scratch\nCOPY . /\n";

/** A program in plain JavaScript; it prints what it learned as JSON. */
const PROGRAM = `
import { build, BuildError, check, connect, OptionError } from "@moat/build";
import { text } from "node:stream/consumers";

const address = process.argv[2];
const chunks = [];
const dest = new WritableStream({ write: (chunk) => void chunks.push(chunk.slice()) });
const running = build({
  address,
  context: { "Dockerfile": ${JSON.stringify(DOCKERFILE)}, "hello.txt": "hello from memory" },
  output: [{ type: "tar", dest }],
});
let vertices = 0;
for await (const event of running) if (event.type === "vertex") vertices++;
await running;
const image = await build({ address, context: process.argv[3], output: "image" });
const failure = await build({ address, context: {}, dockerfile: "FROM scratch\\nCOPY gone /\\n" })
  .catch((error) => error);
const refused = await Promise.resolve().then(() => build({ context: 1 })).catch((error) => error);
const client = connect(address);
const { version } = await client.ping();
await client.close();
console.log(JSON.stringify({
  digest: image.digest,
  hello: Buffer.concat(chunks).includes("hello from memory"),
  sawVertices: vertices > 0,
  failed: failure instanceof BuildError && failure.code,
  refused: refused instanceof OptionError && refused.option,
  version: typeof version,
  closed: await import("@moat/build/src/build.js").catch((error) => error.code),
}));
`;

/** The same in TypeScript: whatever of the types is wrong or missing is an error of the compiler. */
const TYPED = `
import { build, BuildError, type BuildOptions, type BuildResult, type Output } from "@moat/build";

const output: Output = { type: "cacheonly" };
const options: BuildOptions = { context: { Dockerfile: "FROM scratch\\n" }, output };
// @ts-expect-error: a context is text, a list or an object
export const wrong: BuildOptions = { context: 1 };

export async function digest(address: string): Promise<string | undefined> {
  const running = build({ ...options, address, signal: AbortSignal.timeout(60_000) });
  for await (const event of running) {
    if (event.type === "vertex") event.name satisfies string;
    if (event.type === "log") event.stream satisfies number | string;
  }
  const result: BuildResult = await running;
  return result.digest;
}

try {
  console.log(await digest(process.argv[2]!) ?? "nothing");
} catch (error) {
  if (error instanceof BuildError) error.code satisfies string;
  throw error;
}
`;

interface Manifest {
  scripts?: unknown;
  exports: Record<string, unknown>;
  dependencies: Record<string, string>;
}

daemonTest("the package for npm works wherever it is installed", async (environment, context) => {
  await using folder = tempFolder();
  const [archive, runtimes] = await Promise.all([packForNpm(folder.path), installRuntimes()]);
  const project = join(folder.path, "project");
  writeFiles(project, {
    "package.json": `{ "private": true, "type": "module" }`,
    "program.js": PROGRAM,
    "image/Dockerfile": DOCKERFILE,
    "image/file.txt": "the same everywhere",
  });
  const options = ["--no-audit", "--no-fund", "--ignore-scripts"];
  const compiler = ["typescript@6", "@types/node@20"];
  await runOk("npm", ["install", ...options, archive, ...compiler], { cwd: project });

  await context.step("it holds what it should", () => checkContent(project));
  for (const runtime of runtimes) {
    await context.step(`JavaScript on ${runtime.name}`, async () => {
      await checkProgram(project, runtime, environment);
    });
    await context.step(`the command on ${runtime.name}`, async () => {
      await checkCommand(project, runtime, environment);
    });
  }
  const suite = await transpileSuite(project);
  for (const runtime of runtimes) {
    await context.step(`all features on ${runtime.name}`, async () => {
      await runSuite(suite, "features", runtime, environment);
    });
  }
  // The newest Nodes are nearer to Deno's own than the oldest is.
  for (const runtime of runtimes.filter(({ name }) => ["Node 20", "Bun"].includes(name))) {
    await context.step(`the tests of build() on ${runtime.name}`, async () => {
      await runSuite(suite, "build", runtime, environment);
    });
  }
  await context.step("the command by npx", () => checkNpx(project, environment));
  await context.step("TypeScript under strict", () => checkTypes(project, environment));
});

function checkContent(project: string): void {
  const root = join(project, "node_modules/@moat/build");
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Manifest;
  assert.equal(manifest.scripts, undefined);
  assert.deepEqual(Object.keys(manifest.exports), [".", "./cli", "./wire", "./package.json"]);
  const files = readdirSync(root, { recursive: true, encoding: "utf8" });
  const imported = files.filter((name) => name.endsWith(".js")).flatMap((name) => {
    const text = readFileSync(join(root, name), "utf8");
    return [...text.matchAll(/(?:\bfrom |\bimport\()["']([^"'.][^"']*)["']/g)].map((match) =>
      match[1]!
    );
  });
  const packages = new Set(imported.filter((name) => !name.startsWith("node:")));
  // Examples in comments import the package itself.
  packages.delete("@moat/build");
  assert.deepEqual([...packages], Object.keys(manifest.dependencies));
  assert.deepEqual(files.filter((name) => /(?<!\.d)\.ts$|\.map$/.test(name)), []);
  for (const name of ["README.md", "LICENSE"]) assert(files.includes(name), name);
}

async function checkProgram(
  project: string,
  { program }: Runtime,
  { address }: TestEnvironment,
): Promise<void> {
  const { stdout } = await runOk(program, ["program.js", address, "image"], { cwd: project });
  const { digest, ...rest } = JSON.parse(stdout);
  assert.match(digest, /^sha256:[0-9a-f]{64}$/);
  assert.deepEqual(rest, {
    hello: true,
    sawVertices: true,
    failed: "SOURCE_NOT_FOUND",
    refused: "context",
    version: "string",
    closed: program.endsWith("bun") ? "ERR_MODULE_NOT_FOUND" : "ERR_PACKAGE_PATH_NOT_EXPORTED",
  });
}

async function checkCommand(
  project: string,
  { program }: Runtime,
  { tcpAddress }: TestEnvironment,
): Promise<void> {
  // The link that npm makes: the program must know itself by it.
  const command = ["node_modules/.bin/moat-build"];
  const env = { BUILDKIT_HOST: tcpAddress };
  const args = [...command, "build", "--progress", "plain", "-o", "-", "image"];
  const built = await run(program, args, { cwd: project, env });
  assert.equal(built.code, 0, built.stderr);
  assert.match(built.stdout, /the same everywhere/);
  assert.match(built.stderr, /^#\d+ .*COPY \. \//m);
  const wrong = await run(program, [...command, "build", "--tagg", "x", "."], { cwd: project });
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /Did you mean --tag\?/);
}

async function checkNpx(project: string, { tcpAddress }: TestEnvironment): Promise<void> {
  const args = ["moat-build", "ping", "--addr", tcpAddress];
  const { stdout } = await runOk("npx", args, { cwd: project });
  assert.match(stdout, /linux/);
}

async function checkTypes(project: string, { address }: TestEnvironment): Promise<void> {
  writeFileSync(join(project, "typed.ts"), TYPED);
  const strict = ["--strict", "--exactOptionalPropertyTypes", "--noUncheckedIndexedAccess"];
  const target = ["--target", "es2023", "--types", "node"];
  for (const resolution of ["nodenext", "bundler"]) {
    const module = resolution === "bundler" ? "esnext" : "nodenext";
    const args = [...strict, ...target, "--module", module, "--moduleResolution", resolution];
    const { code, stdout } = await run("node_modules/.bin/tsc", [...args, "typed.ts"], {
      cwd: project,
    });
    assert.equal(code, 0, stdout);
  }
  await runOk("node", ["typed.js", address], { cwd: project });
}
