import assert from "node:assert/strict";
import { BuildError } from "../../src/build_error.ts";
import { ClassicLog } from "../../src/docker/classic_log.ts";
import type { EngineMessage } from "../../src/docker/json_stream.ts";
import { type BuildEvent, eventMapper } from "../../src/progress/events.ts";

/** What the events of a log say, one line each. */
function follow(
  messages: EngineMessage[],
  end = true,
): { lines: string[]; log: ClassicLog; error?: unknown } {
  const events: BuildEvent[] = [];
  const toEvents = eventMapper();
  const log = new ClassicLog((status) => events.push(...toEvents(status)));
  let error: unknown;
  try {
    for (const message of messages) log.read(message);
    if (end) log.end();
  } catch (thrown) {
    error = thrown;
  }
  return { lines: events.map(describe), log, error };
}

function describe(event: BuildEvent): string {
  if (event.type === "vertex") {
    return `${event.state} ${event.name}${event.error ? `: ${event.error}` : ""}`;
  }
  if (event.type === "log") return `log ${JSON.stringify(new TextDecoder().decode(event.data))}`;
  if (event.type === "status") return `part ${event.id} ${event.current}/${event.total}`;
  return event.type;
}

const streams = (...texts: string[]) => texts.map((stream) => ({ stream }));

Deno.test("ClassicLog tells steps, their output and what came from the cache", () => {
  const { lines, log } = follow([
    ...streams("Step 1/3 : FROM a", "\n", " ---> 0123456789ab\n"),
    ...streams("Step 2/3 : RUN make", "\n", " ---> Running in 0123456789ab\n", "made\n", "it"),
    ...streams("Removing intermediate container 0123456789ab\n", " ---> 1123456789ab\n"),
    ...streams("Step 3/3 : CMD x", "\n", " ---> Using cache\n", " ---> 2123456789ab\n"),
    { aux: { ID: "sha256:2123" } },
    ...streams("Successfully built 2123456789ab\n", "Successfully tagged a:latest\n"),
  ]);
  assert.deepEqual(lines, [
    "started [1/3] FROM a",
    "completed [1/3] FROM a",
    "started [2/3] RUN make",
    'log "made\\n"',
    'log "it"',
    "completed [2/3] RUN make",
    "started [3/3] CMD x",
    "cached [3/3] CMD x",
  ]);
  assert.equal(log.imageId, "sha256:2123");
});

Deno.test("ClassicLog is not fooled by output that looks like a step", () => {
  const { lines } = follow(streams("Step 1/2 : RUN x", "Step 7/2 : oh\n", "Step 2/2 : CMD y"));
  assert.deepEqual(lines.filter((line) => line.startsWith("started")), [
    "started [1/2] RUN x",
    "started [2/2] CMD y",
  ]);
});

Deno.test("ClassicLog shows the parts of a pull", () => {
  const { lines } = follow([
    ...streams("Step 1/1 : FROM a"),
    { id: "layer", status: "Downloading", progressDetail: { current: 5, total: 9 } },
    { id: "layer", status: "Pull complete", progressDetail: {} },
  ]);
  assert.deepEqual(lines.slice(1, 3), ["part layer 5/9", "part layer 0/undefined"]);
});

Deno.test("ClassicLog throws an error that comes in the stream, with the exit code", () => {
  const { lines, error } = follow([
    ...streams("Step 1/1 : RUN x"),
    {
      error: "it returned a non-zero code: 7",
      errorDetail: { code: 7, message: "it returned a non-zero code: 7" },
    },
  ]);
  assert(error instanceof BuildError);
  assert.equal(error.exitCode, 7);
  assert.equal(error.originalMessage, "it returned a non-zero code: 7");
  assert.equal(error.vertexName, "[1/1] RUN x");
  assert.equal(lines.at(-1), "error [1/1] RUN x: it returned a non-zero code: 7");
});

Deno.test("ClassicLog takes an old engine's short id", () => {
  assert.equal(follow(streams("Successfully built 0123456789ab\n")).log.imageId, "0123456789ab");
});
