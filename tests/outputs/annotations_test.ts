import assert from "node:assert/strict";
import { OptionError } from "../../src/errors.ts";
import { annotationsOf } from "../../src/outputs/annotations.ts";
import type { BuildOptions } from "../../src/types.ts";

const TWO = ["linux/amd64", "linux/arm64"];

const GOOD: [annotations: Record<string, string>, options: BuildOptions, attrs: object][] = [
  [{}, {}, {}],
  [{ a: "1", "b.c/d": "" }, {}, { "annotation.a": "1", "annotation.b.c/d": "" }],
  [{ "manifest:a": "1" }, {}, { "annotation-manifest.a": "1" }],
  [{ "manifest:a:b": "1" }, {}, { "annotation-manifest.a:b": "1" }],
  [{ "manifest[linux/amd64]:a": "1" }, {}, { "annotation-manifest[linux/amd64].a": "1" }],
  [{ "manifest[x86_64]:a": "1" }, { platforms: TWO }, {
    "annotation-manifest[linux/amd64].a": "1",
  }],
  [{ "manifest,manifest-descriptor:a": "1" }, {}, {
    "annotation-manifest.a": "1",
    "annotation-manifest-descriptor.a": "1",
  }],
  [{ "index,index-descriptor[linux/arm64]:a": "1" }, { platforms: TWO }, {
    "annotation-index.a": "1",
    "annotation-index-descriptor.a": "1",
  }],
  [{ "index:a": "1" }, { provenance: true }, { "annotation-index.a": "1" }],
  [{ "index:a": "1" }, { buildArgs: { BUILDKIT_MULTI_PLATFORM: "1" } }, {
    "annotation-index.a": "1",
  }],
  [{ "index:a": "1" }, { frontendAttrs: { "multi-platform": "true" } }, {
    "annotation-index.a": "1",
  }],
  [{ a: "own" }, { annotations: { a: "build", b: "build" } }, {
    "annotation.a": "own",
    "annotation.b": "build",
  }],
];

for (const [annotations, options, attrs] of GOOD) {
  Deno.test(`annotationsOf() ${JSON.stringify(annotations)} for ${JSON.stringify(options)}`, () => {
    assert.deepEqual(annotationsOf({ annotations }, options, "output"), attrs);
  });
}

const BAD: [annotations: object, options: BuildOptions, message: RegExp][] = [
  [{ "": "1" }, {}, /^Invalid output\.annotations: "" has no key/],
  [{ "manifest:": "1" }, {}, /"manifest:" has no key/],
  [{ "a b": "1" }, {}, /"a b" has no key without blanks/],
  [{ a: 1 }, {}, /^Invalid output\.annotations\.a: 1 is not a string/],
  [{ "manifets:a": "1" }, {}, /"manifets" is not a level; did you mean manifest\?/],
  [{ "layer:a": "1" }, {}, /"layer" is not a level; levels are manifest, index, man/],
  [{ "manifest,:a": "1" }, {}, /"" is not a level/],
  [{ "manifest[]:a": "1" }, {}, /"manifest\[\]" is not a level/],
  [{ "manifest[linux/]:a": "1" }, {}, /"linux\/" is not a platform/],
  [
    { "manifest[linux/s390x]:a": "1" },
    { platforms: TWO },
    /the build is not for linux\/s390x, but/,
  ],
  [{ "index:a": "1" }, {}, /^Invalid output\.annotations: an image for one platform has no index/],
  [{}, { annotations: { "index-descriptor:a": "1" } }, /^Invalid annotations: an image for one/],
];

for (const [annotations, options, message] of BAD) {
  Deno.test(`annotationsOf() refuses ${JSON.stringify(annotations)} with ${message}`, () => {
    const output = { annotations: annotations as Record<string, string> };
    assert.throws(() => annotationsOf(output, options, "output"), (error: unknown) => {
      assert(error instanceof OptionError, String(error));
      assert.match(error.message, message);
      return true;
    });
  });
}
