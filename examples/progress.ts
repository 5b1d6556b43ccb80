/**
 * Progress in your own UI: a build is an iterable of typed events. This UI is a line for each step that ends, with the
 * last line of what it printed.
 *
 *     deno run -A examples/progress.ts
 */
import { build, type VertexEvent } from "@moat/build";

const running = build({ context: new URL("./hello/", import.meta.url), noCache: true });

const known = new Set<string>();
const over = new Set<string>();
const output = new Map<string, string>();

// Leaving the loop would cancel the build; if that fails, the loop throws the reason.
for await (const event of running) {
  if (event.type === "log") {
    // Bytes just as they came: what is cut at any place is put together first.
    const before = output.get(event.vertex) ?? "";
    output.set(event.vertex, before + new TextDecoder().decode(event.data));
  } else if (event.type === "vertex") {
    known.add(event.digest);
    if (event.state !== "waiting" && event.state !== "started") end(event);
  }
}

const { durationMs } = await running;
console.log(`done in ${(durationMs / 1000).toFixed(1)} s`);

/** A step may be reported again when another step looks at its result: the first time counts. */
function end({ digest, name, state, startedAt = 0, completedAt = 0 }: VertexEvent): void {
  if (over.has(digest)) return;
  over.add(digest);
  const took = `${((completedAt - startedAt) / 1000).toFixed(1)} s`;
  const said = output.get(digest)?.trimEnd().split("\n").at(-1);
  console.log(
    `${over.size} of ${known.size}: ${name} (${state}, ${took})${said ? `: ${said}` : ""}`,
  );
}
