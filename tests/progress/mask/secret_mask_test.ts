import assert from "node:assert/strict";
import type { StatusResponse, Vertex, VertexLog } from "../../../src/gen/control.ts";
import { SecretMask } from "../../../src/progress/mask/secret_mask.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

function log(msg: string, vertex = "v", stream = 1n): VertexLog {
  return { vertex, stream, msg: encode(msg), timestamp: 5n };
}

function vertex(digest: string, given: Partial<Vertex> = {}): Vertex {
  return { digest, inputs: [], name: digest, cached: false, error: "", ...given };
}

function status(given: Partial<StatusResponse>): StatusResponse {
  return { vertexes: [], statuses: [], logs: [], warnings: [], ...given };
}

function shown({ logs }: StatusResponse): string[] {
  return logs.map(({ vertex, stream, msg }) =>
    `${vertex}${stream} ${new TextDecoder().decode(msg)}`
  );
}

Deno.test("SecretMask masks each output of each step by itself", () => {
  const mask = new SecretMask();
  mask.add(encode("hunter2"));
  const logs = [log("hun"), log("hun", "w"), log("hun", "v", 2n), log("ter2!"), log("ted", "w")];
  assert.deepEqual(shown(mask.status(status({ logs }))), ["v1 ***!", "w1 hunted"]);
  assert.deepEqual(shown(mask.rest()!), ["v2 hun"]);
  assert.equal(mask.rest(), undefined);
  mask.close();
});

Deno.test("SecretMask shows what it has kept when the step ends, and masks its error", () => {
  const mask = new SecretMask();
  mask.add(encode("hunter2"));
  const ended = vertex("v", { completed: 1n, error: "exit code 1: hunter2" });
  const first = mask.status(status({ logs: [log("say hunter")] }));
  const last = mask.status(status({ vertexes: [ended] }));
  assert.deepEqual(shown(first), ["v1 say "]);
  assert.deepEqual(shown(last), ["v1 hunter"]);
  assert.equal(last.logs[0]!.timestamp, 5n);
  assert.equal(last.vertexes[0]!.error, "exit code 1: ***");
  mask.close();
});

Deno.test("SecretMask gives messages on as they are until there is a secret", () => {
  const mask = new SecretMask(() => [encode("abc")]);
  const message = status({ logs: [log("abc hunter2")], vertexes: [vertex("v")] });
  assert.equal(mask.status(message), message);
  assert.equal(mask.text("hunter2"), "hunter2");
  mask.close();
});

Deno.test("SecretMask asks once for what can be known, before the first output", () => {
  let asked = 0;
  const mask = new SecretMask(() => [encode(`hunter${++asked}`)]);
  mask.status(status({ vertexes: [vertex("v")] }));
  assert.equal(asked, 0);
  assert.deepEqual(shown(mask.status(status({ logs: [log("hunter1")] }))), ["v1 ***"]);
  assert.deepEqual(shown(mask.status(status({ logs: [log("hunter2")] }))), ["v1 hunter2"]);
  mask.close();
});

Deno.test("SecretMask knows the secrets of builds that run at the same time, and of no others", () => {
  const [early, mask, late] = [new SecretMask(), new SecretMask(), new SecretMask()];
  early.add(encode("early-value"));
  early.close();
  mask.status(status({}));
  late.add(encode("later-value"));
  assert.equal(mask.text("early-value later-value"), "early-value ***");
  late.close();
  const after = new SecretMask();
  after.add(encode("other-value"));
  assert.equal(after.text("later-value other-value"), "later-value ***");
  // What comes too late is nobody's.
  late.add(encode("too-late"));
  assert.equal(after.text("too-late"), "too-late");
  for (const one of [mask, after]) one.close();
});

Deno.test("SecretMask keeps little of what a builder makes up", () => {
  const mask = new SecretMask();
  mask.add(encode("hunter2"));
  const logs = Array.from({ length: 1_000 }, (_, i) => log("hunter", `v${i}`));
  assert.equal(mask.status(status({ logs })).logs.length, 800);
  assert.equal(mask.rest()!.logs.length, 200);
  mask.close();
});
