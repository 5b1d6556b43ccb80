import assert from "node:assert/strict";
import { ProtocolError } from "../../src/errors.ts";
import { type BuildEvent, eventMapper, failureEvent } from "../../src/progress/events.ts";
import { eventFromJson, eventToJson } from "../../src/progress/json.ts";
import { recording } from "./support.ts";

const RECORDINGS = ["success", "failure", "cached", "output", "parallel", "platforms", "cancel"];

Deno.test("eventToJson() loses nothing of recorded builds", () => {
  for (const name of RECORDINGS) {
    const events = recording(name).flatMap(eventMapper());
    assert.deepEqual(events.map((event) => eventFromJson(eventToJson(event))), events, name);
  }
});

Deno.test("eventToJson() writes output as text where it is, and is one line", () => {
  const cases: [bytes: Uint8Array, json: string][] = [
    [new TextEncoder().encode("é\n\u2028"), '"text":"é\\n\u2028"'],
    [new Uint8Array(), '"text":""'],
    [new Uint8Array([0xef, 0xbb, 0xbf, 65]), '"text":"\ufeffA"'],
    [new Uint8Array([65, 0xc3]), '"base64":"QcM="'],
  ];
  for (const [data, json] of cases) {
    const event: BuildEvent = { type: "log", vertex: "a", stream: 1, data, time: 1.5 };
    const line = eventToJson(event);
    assert.equal(line, `{"type":"log","vertex":"a","stream":1,"time":1.5,${json}}`);
    assert.deepEqual(eventFromJson(line), event);
  }
});

Deno.test("eventFromJson() refuses what is no event", () => {
  for (const line of ["", "1", "null", "{}", '{"type":"log"}', "x".repeat(999)]) {
    assert.throws(() => eventFromJson(line), ProtocolError, line);
  }
});

Deno.test("failureEvent() carries a code and a message", () => {
  assert.deepEqual(failureEvent(new ProtocolError("no"), false), {
    type: "end",
    state: "error",
    error: { code: "PROTOCOL_VIOLATION", message: "no" },
  });
  assert.deepEqual(failureEvent("gone", true), {
    type: "end",
    state: "canceled",
    error: { code: "UNKNOWN", message: "gone" },
  });
});
