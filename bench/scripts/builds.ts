/**
 * Builds one context again and again in one process: `builds.ts ADDRESS CONTEXT COUNT`. Prints what the import and each build
 * took, in milliseconds, as JSON.
 */
// As programs for one runtime do it: Node's process object takes Deno 11 ms to load, its module takes Node 6.
const args = globalThis.Deno?.args ?? globalThis.process.argv.slice(2);
const begin = performance.now();
const { build } = await import("../../mod.ts");
const imported = performance.now() - begin;
const [address = "", context = "", count = "1"] = args;
const builds: number[] = [];
for (let i = 0; i < Number(count); i++) {
  const start = performance.now();
  await build({ context, address, output: "cacheonly" });
  builds.push(performance.now() - start);
}
console.log(JSON.stringify({ imported, builds }));
