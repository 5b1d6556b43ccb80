/**
 * A cache in a registry: what one machine has built, the next one does not build again. Run it on two builders with the
 * same image for the cache; the second one takes every step from there.
 *
 *     deno run -A examples/registry_cache.ts registry.example/app:cache
 */
import process from "node:process";
import { build } from "@moat/build";

const [cache = "registry.example/app:cache"] = process.argv.slice(2);

const running = build({
  dockerfile: `
    FROM alpine AS compile
    RUN echo "this takes long" && echo compiled > /program
    FROM alpine AS app
    COPY --from=compile /program /bin/program
  `,
  tags: ["app"],
  // A cache that is not there yet costs nothing but a line in the progress.
  cacheFrom: [cache],
  // `max` keeps the steps of all stages, `min` only those of the result.
  cacheTo: [{ type: "registry", ref: cache, mode: "max" }],
});

const ends = new Map<string, string>();
for await (const event of running) {
  if (event.type === "vertex" && /^\[(compile|app) .*\] (RUN|COPY)/.test(event.name)) {
    ends.set(event.name, event.state);
  }
}

for (const [name, state] of ends) console.log(`${state}: ${name}`);
console.log(`built ${(await running).digest}`);
