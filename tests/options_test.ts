import assert from "node:assert/strict";
import { OptionError } from "../src/errors.ts";
import { checkOptions, show } from "../src/options.ts";

Deno.test("checkOptions() takes every option, and those that are undefined", () => {
  checkOptions({});
  checkOptions({
    context: ".",
    dockerfile: "FROM scratch",
    tags: ["a"],
    platforms: [],
    buildArgs: {},
    labels: {},
    target: "a",
    noCache: false,
    noCacheFilter: [],
    pull: true,
    addHosts: {},
    network: "none",
    shmSize: 1,
    ulimits: {},
    cgroupParent: "a",
    frontendAttrs: {},
    output: "image",
    auth: {},
    address: "tcp://a:1",
    tls: {},
    signal: new AbortController().signal,
  });
  const undefinedTarget: object = { target: undefined };
  checkOptions(undefinedTarget);
});

const BAD: [options: object, message: string][] = [
  [{ tag: ["a"] }, "Invalid tag: there is no such option; did you mean tags?"],
  [{ buildargs: {} }, "Invalid buildargs: there is no such option; did you mean buildArgs?"],
  [{ Platform: "x" }, "Invalid Platform: there is no such option; did you mean platforms?"],
  [{ volumes: [] }, "Invalid volumes: there is no such option"],
  [{ tls: { keys: "" } }, "Invalid tls.keys: there is no such option; did you mean key?"],
  [{ toString: 1 }, "Invalid toString: there is no such option"],
  [{ tags: "app" }, "Invalid tags: 'app' is not of the type list of texts (for example [\"...\"])"],
  [
    { platforms: [1] },
    'Invalid platforms: [ 1 ] is not of the type list of texts (for example ["..."])',
  ],
  [{ noCache: "no" }, "Invalid noCache: 'no' is not of the type boolean (for example true)"],
  [{ noCache: null }, "Invalid noCache: null is not of the type boolean (for example true)"],
  [{ pull: 1n }, "Invalid pull: 1n is not of the type boolean (for example true)"],
  [{ labels: ["a=b"] }, "Invalid labels: [ 'a=b' ] is not of the type object (for example {})"],
  [
    { secrets: ["hunter2"] },
    "Invalid secrets: the value is not of the type object (for example {})",
  ],
  [{ address: 1234 }, 'Invalid address: 1234 is not of the type text (for example "...")'],
  [
    { signal: {} },
    "Invalid signal: {} is not of the type AbortSignal (for example AbortSignal.timeout(60_000))",
  ],
];

for (const [options, message] of BAD) {
  Deno.test(`checkOptions() says: ${message}`, () => {
    assert.throws(() => checkOptions(options), (error: unknown) => {
      assert(error instanceof OptionError);
      assert.equal(error.message, message);
      return true;
    });
  });
}

Deno.test("show() is short and on one line", () => {
  const cyclic: Record<string, unknown> = { text: "x".repeat(1000), list: [1, 2, 3, 4, 5, 6] };
  cyclic.self = cyclic;
  assert.doesNotMatch(show(cyclic), /\n/);
  assert(show(cyclic).length < 300);
});
