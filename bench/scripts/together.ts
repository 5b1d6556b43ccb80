/** Builds all contexts at once in one process: `together.ts ADDRESS CONTEXT...`. */
import process from "node:process";
import { build } from "../../mod.ts";

const [address = "", ...contexts] = process.argv.slice(2);
await Promise.all(contexts.map((context) => build({ context, address, output: "cacheonly" })));
