/** Builds all contexts at once in one process, on one connection: `together.ts ADDRESS CONTEXT...`. */
import { openBuilder } from "../../mod.ts";

// As programs for one runtime do it: Node's process object takes Deno 11 ms to load, its module takes Node 6.
const args = globalThis.Deno?.args ?? globalThis.process.argv.slice(2);
const [address = "", ...contexts] = args;
const builder = await openBuilder({ address });
await Promise.all(contexts.map((context) => builder.build({ context, output: "cacheonly" })));
await builder.close();
