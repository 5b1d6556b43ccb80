/**
 * Makes the package for JSR: `deno task jsr [FOLDER]`, `dist/jsr` by default; `deno publish` there publishes it. What the sources
 * would be without is a quick start; see `dist.ts`.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { makeDist } from "./dist.ts";

const CONFIG = fileURLToPath(new URL("../deno.json", import.meta.url));

interface Config {
  exports: Record<string, string>;
  imports: Record<string, string>;
}

/** Writes the package into `folder`, which is emptied. */
export async function makeJsr(folder: string): Promise<void> {
  const { dependencies } = await makeDist(folder);
  nameDeclarations(folder);
  const { name, version, description, license, exports, imports } = JSON.parse(
    readFileSync(CONFIG, "utf8"),
  ) as Config & Record<string, string>;
  const config = {
    ...{ name, version, description, license },
    exports: rename(exports, (source) => source.replace(/\.ts$/, ".js")),
    imports: rename(dependencies, (_, dependency) => imports[dependency]!),
  };
  writeFileSync(join(folder, "deno.json"), JSON.stringify(config, undefined, 2) + "\n");
}

/** Declarations name each other as what they are; TypeScript alone would take the names of the JavaScript there could be. */
function nameDeclarations(folder: string): void {
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    if (!name.endsWith(".d.ts")) continue;
    const path = join(folder, name);
    const text = readFileSync(path, "utf8");
    writeFileSync(path, text.replace(/(\b(?:from |import\()"\.[^"\n]*)\.js"/g, '$1.d.ts"'));
  }
}

function rename(
  record: Record<string, string>,
  to: (value: string, key: string) => string,
): Record<string, string> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, to(value, key)]));
}

if (import.meta.main) {
  const folder = resolve(process.argv[2] ?? "dist/jsr");
  await makeJsr(folder);
  console.log(folder);
}
