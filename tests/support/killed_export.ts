/** A program that builds what its first argument says, and is killed as soon as anything changes in the folder of the second. */
import { watch } from "node:fs";
import process from "node:process";
import { build } from "../../src/build.ts";
import type { BuildOptions } from "../../src/types.ts";

const [options, folder] = process.argv.slice(2) as [string, string];
watch(folder, () => process.kill(process.pid, "SIGKILL"));
await build(JSON.parse(options) as BuildOptions);
