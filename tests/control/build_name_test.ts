import assert from "node:assert/strict";
import { buildName } from "../../src/control/build_name.ts";

const NAMES: [attrs: Record<string, string>, name: string][] = [
  [{}, "image:1"],
  [{ target: "test" }, "image:1 (test)"],
  [{ "build-arg:BUILDKIT_BUILD_NAME": "given", target: "test" }, "given"],
  [{ context: "https://test/r.git#main" }, "https://test/r.git#main"],
  [{ "vcs:source": "https://test/r" }, "https://test/r"],
  [{ "vcs:localdir:context": ".", "vcs:source": "https://test/r" }, "https://test/r"],
  [{ "vcs:localdir:context": "sub/app", "vcs:source": "https://test/r" }, "sub/app"],
  [{ filename: "Dockerfile" }, "image:1"],
  [{ filename: "app.Dockerfile" }, "app.Dockerfile"],
  [{ "vcs:localdir:dockerfile": "deploy", filename: "Dockerfile" }, "deploy"],
  [
    { "vcs:localdir:dockerfile": "a/b", filename: "x.Dockerfile", target: "t" },
    "b/x.Dockerfile (t)",
  ],
];

for (const [attrs, name] of NAMES) {
  Deno.test(`buildName() of ${JSON.stringify(attrs)} is ${name}`, () => {
    const exporters = [
      { type: "local", attrs: new Map() },
      { type: "image", attrs: new Map([["name", "image:1,image:2"]]) },
    ];
    assert.equal(buildName({ frontendAttrs: new Map(Object.entries(attrs)), exporters }), name);
  });
}

Deno.test("buildName() of a build that tells nothing is empty, or its target", () => {
  assert.equal(buildName({ frontendAttrs: new Map(), exporters: [] }), "");
  assert.equal(buildName({ frontendAttrs: new Map([["target", "t"]]), exporters: [] }), "t");
});
