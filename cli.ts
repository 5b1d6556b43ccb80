/**
 * The command `moat-build`.
 *
 * ```sh
 * moat-build build -t registry.example/app:1 --push .
 * ```
 *
 * @module
 */
import process from "node:process";
import { processIo } from "./src/cli/io.ts";
import { main } from "./src/cli/main.ts";

if (import.meta.main) process.exitCode = await main(process.argv.slice(2), processIo());
