/** Builds all contexts at once in one process, on one connection: `together.ts ADDRESS CONTEXT...`. */
import process from "node:process";
import { openBuilder } from "../../mod.ts";

const [address = "", ...contexts] = process.argv.slice(2);
const builder = await openBuilder({ address });
await Promise.all(contexts.map((context) => builder.build({ context, output: "cacheonly" })));
await builder.close();
