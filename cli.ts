/**
 * The command `moat-build`.
 *
 * ```sh
 * moat-build build -t registry.example/app:1 --push .
 * ```
 *
 * @module
 */
import { processIo } from "./src/cli/io.ts";
import { main } from "./src/cli/main.ts";
import { builtin } from "./src/runtime/builtin.ts";
import { deno } from "./src/runtime/deno.ts";

/** Node has `import.meta.main` since 24.2; before, the program's path tells, links to it resolved. */
function isProgram(): boolean {
  if (typeof import.meta.main === "boolean") return import.meta.main;
  const program = globalThis.process.argv[1];
  const own = builtin("url").fileURLToPath(import.meta.url);
  return program !== undefined && builtin("fs").realpathSync(program) === own;
}

if (isProgram()) {
  const io = processIo();
  await io.end(await main(deno?.args ?? globalThis.process.argv.slice(2), io));
}
