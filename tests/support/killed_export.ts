/** A program that builds ARGV's options and is killed, as by the kernel, while it exports its cache. */
import process from "node:process";
import { build } from "../../src/build.ts";
import type { BuildOptions } from "../../src/types.ts";

const options = JSON.parse(process.argv[2]!) as BuildOptions;
for await (const event of build(options)) {
  if (event.type !== "status" || !event.id.startsWith("writing layer")) continue;
  process.kill(process.pid, "SIGKILL");
}
