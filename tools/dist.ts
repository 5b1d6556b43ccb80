/**
 * Makes what is published: JavaScript in few files, with declarations. `deno task dist [FOLDER]`, `dist` by default.
 *
 * Starting is what the number of modules costs: a build of one cached file takes 1.5 times as long from the sources. So all
 * that every build loads is one file, and the rest keeps to files that are loaded when they are needed.
 */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { type GetModuleInfo, type Plugin, rollup } from "rollup";
import { runOk } from "../tests/support/process.ts";

const ROOT = fileURLToPath(new URL("../", import.meta.url));

/** Files that keep their names, by the names of sources. */
const ENTRIES = { library: "mod", cli: "cli", program: "src/cli/program" };

/** `mod.ts` runs the command where it is the program; rollup may put what it does elsewhere, where it is not. */
const MODULE = `export * from "./library.js";

if (import.meta.main && import.meta.url.endsWith("/mod.js")) {
  void import("./program.js").then(({ runProgram }) => runProgram());
}
`;

/**
 * The files that a plain build loads: that of every build, and what the command and programs that import the library load besides.
 * Their sources by name; with them comes what they import. What belongs to more than one is in the first.
 */
const PLAIN = {
  build: ["src/build", "src/context/dockerfile"],
  build_command: [
    "src/cli/main",
    "src/cli/build_command",
    "src/cli/output_flag",
    "src/cli/program",
    "src/cli/proxy_args",
    "src/cli/summary",
    "src/parts/attestations",
    "src/parts/older_builders",
    "src/parts/vcs",
    "src/progress/create",
    "src/progress/model",
    "src/progress/summary",
    "src/registry/docker_config",
  ],
  public: ["mod"],
};

/** Sources that make a file together: each file of the package costs a start 50 µs, also where it is not loaded. */
const GROUPS: readonly [name: string, ids: RegExp][] = [
  ["dial", /\/src\/(connect\/dial|rpc\/socket_pipe)\.js$/],
  ["ctl", /\/src\/cli\/ctl\//],
  ["history", /\/src\/cli\/history\//],
];

/** Smaller files are put together where that changes nothing, in bytes. */
const SMALL_CHUNK = 40_000;

/** What `deno pack` writes into package.json. */
export interface Manifest {
  name: string;
  version: string;
  type: string;
  license: string;
  main: string;
  types: string;
  exports: Record<string, unknown>;
  dependencies: Record<string, string>;
}

/**
 * Writes the files into `folder`, which is emptied, and returns the manifest that `deno pack` made for npm. Packages that are
 * not in `places` are imported by their names. `more` are other files that keep their names, as in {@linkcode ENTRIES}.
 */
export async function makeDist(
  folder: string,
  places: Readonly<Record<string, string>> = {},
  more: Readonly<Record<string, string>> = {},
): Promise<Manifest> {
  const scratch = mkdtempSync(join(tmpdir(), "moat-dist-"));
  try {
    const modules = await transpile(scratch);
    rmSync(folder, { recursive: true, force: true });
    await writeChunks(modules, folder, places, { ...ENTRIES, ...more });
    writeFileSync(join(folder, "mod.js"), MODULE);
    // It has types alone.
    writeFileSync(join(folder, "wire.js"), "export {};\n");
    copyTypes(modules, folder);
    nameTypes(folder);
    for (const name of ["README.md", "LICENSE"]) cpSync(join(ROOT, name), join(folder, name));
    return JSON.parse(readFileSync(join(modules, "package.json"), "utf8"));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Makes JavaScript and declarations, a file for a file. */
async function transpile(scratch: string): Promise<string> {
  const archive = join(scratch, "deno.tgz");
  const options = ["--allow-dirty", "--no-source-maps", "--quiet", "--output", archive];
  await runOk(Deno.execPath(), ["pack", ...options], { cwd: ROOT });
  await runOk("tar", ["-xzf", archive, "-C", scratch]);
  return join(scratch, "package");
}

async function writeChunks(
  modules: string,
  folder: string,
  paths: Readonly<Record<string, string>>,
  entries: Readonly<Record<string, string>>,
): Promise<void> {
  const bundle = await rollup({
    input: Object.fromEntries(
      Object.entries(entries).map(([name, source]) => [name, join(modules, `${source}.js`)]),
    ),
    // What a module does when it is loaded is to stay, whatever it is.
    treeshake: false,
    external: (id) => !id.startsWith(".") && !id.startsWith("/"),
    onLog: (level, { message }) => {
      if (level === "warn") throw new Error(message);
    },
  });
  let plain: ReadonlyMap<string, string> | undefined;
  await bundle.write({
    plugins: [compiledAtOnce()],
    dir: folder,
    paths,
    chunkFileNames: "[name].js",
    minifyInternalExports: false,
    onlyExplicitManualChunks: true,
    hoistTransitiveImports: false,
    experimentalMinChunkSize: SMALL_CHUNK,
    manualChunks: (id, { getModuleInfo }) => {
      plain ??= plainChunks(modules, getModuleInfo);
      return plain.get(id) ?? GROUPS.find(([, ids]) => ids.test(id))?.[0];
    },
  });
  await bundle.close();
}

/** A statement of a module as rollup's parser has it. */
interface TopLevelNode {
  type: string;
  id?: { name: string };
  start: number;
  end: number;
}

/**
 * V8 compiles functions when they are first called, except for those in parentheses: only they get into the code that
 * runtimes keep for the next start. So the functions of what every build loads are put into some, first of all as they would be
 * without; that takes 5 ms off each start.
 */
function compiledAtOnce(): Plugin {
  return {
    name: "compiled-at-once",
    renderChunk(code, { name }) {
      if (name !== "build" && name !== "build_command") return null;
      let functions = "";
      let rest = "";
      let end = 0;
      const { body } = this.parse(code) as unknown as { body: TopLevelNode[] };
      for (const { type, id, start, end: next } of body) {
        const comments = code.slice(end, start);
        const text = code.slice(start, next);
        if (type !== "FunctionDeclaration") rest += comments + text;
        else functions += `${comments}var ${id!.name} = (${text});`;
        end = next;
      }
      return { code: functions + rest + code.slice(end), map: null };
    },
  };
}

/** The file of {@linkcode PLAIN} for each module that is in one. */
function plainChunks(modules: string, moduleInfo: GetModuleInfo): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [chunk, sources] of Object.entries(PLAIN)) {
    const ids = closure(sources.map((name) => join(modules, `${name}.js`)), moduleInfo);
    for (const id of ids) found.set(id, found.has(id) ? "build" : chunk);
  }
  return found;
}

/** Modules with all that they import. */
function closure(ids: readonly string[], moduleInfo: GetModuleInfo): ReadonlySet<string> {
  const found = new Set<string>();
  const add = (id: string) => {
    if (found.has(id)) return;
    const info = moduleInfo(id);
    if (info === null) throw new Error(`No source is ${id}`);
    if (info.isExternal) return;
    found.add(id);
    info.importedIds.forEach(add);
  };
  ids.forEach(add);
  return found;
}

/** For JSR and Deno, which don't look for declarations beside. */
function nameTypes(folder: string): void {
  for (const name of ["mod", "cli", "wire"]) {
    const path = join(folder, `${name}.js`);
    const text = readFileSync(path, "utf8");
    writeFileSync(path, `/* @ts-self-types="./${name}.d.ts" */\n${text}`);
  }
}

/** Without an `export` a declaration file is a script to TypeScript, whose names would be everybody's. */
function copyTypes(modules: string, folder: string): void {
  for (const name of readdirSync(modules, { recursive: true, encoding: "utf8" })) {
    if (!name.endsWith(".d.ts")) continue;
    const text = readFileSync(join(modules, name), "utf8");
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text.trim() === "" ? "export {};\n" : text);
  }
  documentProgram(folder);
}

/** Of a module that exports nothing, no comment comes along; registries show it. */
function documentProgram(folder: string): void {
  const [comment] = /^\/\*\*[\s\S]*?\*\/\n/.exec(readFileSync(join(ROOT, "cli.ts"), "utf8")) ?? [];
  if (comment === undefined) throw new Error("cli.ts does not say what it is");
  writeFileSync(join(folder, "cli.d.ts"), `${comment}export {};\n`);
}

if (import.meta.main) {
  const folder = resolve(process.argv[2] ?? "dist");
  await makeDist(folder);
  console.log(folder);
}
