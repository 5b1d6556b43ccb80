/**
 * The command `moat-build`.
 *
 * ```sh
 * moat-build build -t registry.example/app:1 --push .
 * ```
 *
 * @module
 */
import { realpathSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { processIo } from "./src/cli/io.ts";
import { main } from "./src/cli/main.ts";

/** Node has `import.meta.main` since 24.2; before, the program's path tells, links to it resolved. */
function isProgram(): boolean {
  if (typeof import.meta.main === "boolean") return import.meta.main;
  const program = process.argv[1];
  return program !== undefined && realpathSync(program) === fileURLToPath(import.meta.url);
}

if (isProgram()) {
  const io = processIo();
  process.exitCode = await main(process.argv.slice(2), io);
  await io.leaveInput();
}
