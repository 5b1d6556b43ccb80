/**
 * Cancellation: a build ends by a signal, by a time limit, by `cancel()`, or because its events are no longer read. The
 * step is stopped on the builder, too, and when the promise is settled nothing is left.
 *
 *     deno run -A examples/cancel.ts
 */
import { build, CanceledError } from "@moat/build";

/** Each has a step of its own; equal steps of two builds would be one. */
const endless = (name: string) => ({
  dockerfile: `FROM alpine\nRUN : ${name} && sleep 600\n`,
});

// A signal: the build rejects with the signal's reason, as fetch() does.
const controller = new AbortController();
const bySignal = build({ ...endless("signal"), signal: controller.signal });
controller.abort(new Error("the user went away"));
console.log(`signal: ${await bySignal.catch((reason) => reason)}`);

// A limit for the whole build.
const byLimit = build({ ...endless("limit"), timeoutMs: 100 });
console.log(`limit: ${await byLimit.catch((reason) => reason)}`);

// By hand, here when the step has started. The loop throws what the build rejects with.
const byHand = build(endless("hand"));
try {
  for await (const event of byHand) {
    if (isSleeping(event)) byHand.cancel();
  }
} catch (error) {
  if (!(error instanceof CanceledError)) throw error;
  console.log(`by hand: ${error.code}`);
}

// Nobody reads on: leaving the loop waits until the build has stopped.
for await (const event of build(endless("loop"))) {
  if (isSleeping(event)) break;
}
console.log("loop: left");

function isSleeping(event: { type: string; name?: string; state?: string }): boolean {
  return event.type === "vertex" && event.state === "started" && event.name!.includes("sleep 600");
}
