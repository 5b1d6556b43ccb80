/**
 * Packs the module for npm into one `.tgz`: `deno task npm [FOLDER]`, the working directory by default. Prints its path.
 *
 * JavaScript and declarations are those of `dist.ts`; what a package for Node needs besides is added here, and `npm pack`
 * makes the archive.
 */
import { existsSync, mkdirSync, mkdtempSync } from "node:fs";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { runOk } from "../tests/support/process.ts";
import { makeDist, type Manifest } from "./dist.ts";

const ROOT = fileURLToPath(new URL("../", import.meta.url));

/** The first Node that has `process.getBuiltinModule`. */
const NODE = ">=20.16.0";

/** The command's program. */
const PROGRAM = "moat-build.js";

/** Node 22 and later keep what they compiled for the next start, which then takes 10 ms less, if asked before it is loaded. */
const PROGRAM_TEXT = `#!/usr/bin/env node
import module from "node:module";

module.enableCompileCache?.();
const { runProgram } = await import("./program.js");
await runProgram();
`;

/** Writes the package into `folder`, which is emptied, and returns the path of its command. */
export async function makeNpm(folder: string): Promise<string> {
  completeManifest(folder, await makeDist(folder));
  const program = join(folder, PROGRAM);
  writeFileSync(program, PROGRAM_TEXT, { mode: 0o755 });
  return program;
}

/** Writes the package's archive into `folder` and returns its path. */
export async function packForNpm(folder: string): Promise<string> {
  const scratch = mkdtempSync(join(tmpdir(), "moat-npm-"));
  try {
    const content = join(scratch, "package");
    await makeNpm(content);
    const destination = resolve(folder);
    mkdirSync(destination, { recursive: true });
    const args = ["pack", "--json", "--ignore-scripts", "--pack-destination", destination];
    const { stdout } = await runOk("npm", args, { cwd: content });
    return join(destination, archiveName(stdout));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function completeManifest(content: string, made: Manifest): void {
  const { description } = JSON.parse(readFileSync(join(ROOT, "deno.json"), "utf8"));
  const { name, version, license, dependencies, exports, ...rest } = made;
  const manifest = {
    name,
    version,
    description,
    keywords: ["buildkit", "docker", "buildx", "oci", "container", "image", "build", "deno"],
    license,
    ...repository(),
    ...rest,
    exports: { ...exports, "./package.json": "./package.json" },
    bin: { "moat-build": PROGRAM },
    engines: { node: NODE },
    dependencies,
  };
  writeFileSync(join(content, "package.json"), JSON.stringify(manifest, undefined, 2) + "\n");
}

/** npm takes a package with provenance only if it names the repository whose workflow publishes it. */
function repository(): { repository?: { type: "git"; url: string } } {
  const { GITHUB_SERVER_URL, GITHUB_REPOSITORY } = process.env;
  if (!GITHUB_SERVER_URL || !GITHUB_REPOSITORY) return {};
  const url = `git+${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}.git`;
  return { repository: { type: "git", url } };
}

/** What `npm pack --json` says: a list, and since npm 12 an object by name. */
function archiveName(json: string): string {
  const packed = JSON.parse(json) as Record<string, { filename: string }>;
  const filename = Object.values(packed)[0]?.filename;
  if (filename === undefined) throw new Error(`npm pack named no archive:\n${json}`);
  return filename.replace("@", "").replace("/", "-");
}

if (import.meta.main) {
  const archive = await packForNpm(process.argv[2] ?? ".");
  if (!existsSync(archive)) throw new Error(`npm pack wrote no ${archive}`);
  console.log(archive);
}
