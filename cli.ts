/**
 * The command `moat-build`.
 *
 * ```sh
 * moat-build build -t registry.example/app:1 --push .
 * ```
 *
 * @module
 */
import { runProgram } from "./src/cli/program.ts";
import { builtin } from "./src/runtime/builtin.ts";

/** Node has `import.meta.main` since 24.2; before, the program's path tells, links to it resolved. */
function isProgram(): boolean {
  if (typeof import.meta.main === "boolean") return import.meta.main;
  const program = globalThis.process.argv[1];
  const own = builtin("url").fileURLToPath(import.meta.url);
  return program !== undefined && builtin("fs").realpathSync(program) === own;
}

if (isProgram()) await runProgram();
