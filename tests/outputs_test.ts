import assert from "node:assert/strict";
import { OptionError } from "../src/errors.ts";
import { pathOf, planOutputs } from "../src/outputs.ts";
import type { BuildOptions } from "../src/types.ts";

const A = "docker.io/library/a:latest";

/** Each case: options, and type and attributes of each exporter; undefined for none. */
const GOOD: [options: BuildOptions, exporters: ([string, object] | undefined)[]][] = [
  [{}, [undefined]],
  [{ tags: [] }, [undefined]],
  [{ tags: ["a"] }, [["image", { name: A }]]],
  [{ tags: ["a", "b:2"] }, [["image", { name: `${A},docker.io/library/b:2` }]]],
  [{ tags: ["a"], output: "cacheonly" }, [undefined]],
  [{ output: "image" }, [["image", {}]]],
  [{ tags: ["a"], output: { type: "image", push: true } }, [["image", { name: A, push: "true" }]]],
  [{ tags: ["a"], output: { type: "image", push: false, insecure: false } }, [[
    "image",
    { name: A },
  ]]],
  [{ tags: ["a"], output: { type: "image", names: ["b"], push: true, insecure: true } }, [[
    "image",
    { name: "docker.io/library/b:latest", push: "true", "registry.insecure": "true" },
  ]]],
  [{ output: { type: "image", push: true, attrs: { name: "x", push: "false" } } }, [[
    "image",
    { name: "x", push: "false" },
  ]]],
  [{ tags: ["a"], output: { type: "oci", dest: "x.tar" } }, [["oci", { name: A }]]],
  [{ tags: ["a"], output: { type: "oci", tar: false, dest: "x" } }, [["oci", {
    tar: "false",
    name: A,
  }]]],
  [{ output: { type: "docker", dest: new WritableStream(), names: ["a"] } }, [[
    "docker",
    { name: A },
  ]]],
  [{ tags: ["a"], output: { type: "tar", dest: new URL("file:///x") } }, [["tar", {}]]],
  [{ tags: ["a"], output: { type: "local", dest: "out", attrs: { mode: "delete" } } }, [[
    "local",
    { mode: "delete" },
  ]]],
  [{ tags: ["a"], output: ["image", "cacheonly", { type: "local", dest: "o" }] }, [
    ["image", { name: A }],
    undefined,
    ["local", {}],
  ]],
  [{ tags: ["a"], output: [] }, []],
  [{
    output: {
      type: "image",
      compression: "zstd",
      compressionLevel: 19,
      forceCompression: true,
      ociMediaTypes: true,
      ociArtifact: false,
      rewriteTimestamp: true,
      store: false,
      unpack: true,
      nameCanonical: true,
      danglingNamePrefix: "app",
    },
  }, [["image", {
    compression: "zstd",
    "compression-level": "19",
    "force-compression": "true",
    "oci-mediatypes": "true",
    "oci-artifact": "false",
    "rewrite-timestamp": "true",
    store: "false",
    unpack: "true",
    "name-canonical": "true",
    "dangling-name-prefix": "app",
  }]]],
  [{ output: { type: "oci", dest: "x", compressionLevel: 0, ociMediaTypes: false } }, [["oci", {
    "compression-level": "0",
    "oci-mediatypes": "false",
  }]]],
  [
    {
      tags: ["r.example/a", "r.example:5/b"],
      output: { type: "image", push: true, pushByDigest: true },
    },
    [["image", {
      name: "r.example/a,r.example:5/b",
      push: "true",
      "push-by-digest": "true",
    }]],
  ],
  [
    {
      annotations: { a: "1", b: "1" },
      output: [
        { type: "image", annotations: { b: "2" } },
        { type: "docker", load: true },
        { type: "tar", dest: "x", platformSplit: true },
        { type: "local", dest: "x", mode: "delete", platformSplit: false, privileged: true },
      ],
    },
    [
      ["image", { "annotation.a": "1", "annotation.b": "2" }],
      ["docker", { "annotation.a": "1", "annotation.b": "1" }],
      ["tar", { "platform-split": "true" }],
      ["local", { mode: "delete", "platform-split": "false" }],
    ],
  ],
];

for (const [options, exporters] of GOOD) {
  Deno.test(`planOutputs() of ${JSON.stringify(options)}`, () => {
    const planned = planOutputs(options).map(({ exporter }) =>
      exporter && [exporter.type, Object.fromEntries(exporter.attrs)]
    );
    assert.deepEqual(planned, exporters);
  });
}

const BAD: [options: object, message: RegExp][] = [
  [{ tags: ["A"] }, /^Invalid tags\[0\]: "A": a repository name must be lower case \(for/],
  [{ tags: ["a", "b:"] }, /^Invalid tags\[1\]: "b:": "" is not a tag \(for example/],
  [{ tags: [`a@sha256:${"a".repeat(64)}`] }, /^Invalid tags\[0\]: .* can't have a digest/],
  [{ output: { type: "image", names: ["!"] } }, /^Invalid output\.names\[0\]: "!"/],
  [{ output: { type: "image", push: true } }, /^Invalid output\.push: there is no name to push/],
  [{ output: "registry" }, /^Invalid output: 'registry' is not an output type .*image, oci/],
  [{ output: ["image", {}] }, /^Invalid output\[1\]: undefined is not an output type/],
  [{ output: { type: "image", psuh: true } }, /^Invalid output\.psuh: .* did you mean push\?/],
  [{ output: { type: "tar", dest: "a", push: true } }, /^Invalid output\.push: there is no such/],
  [{ output: "oci" }, /^Invalid output\.dest: it is missing \(for example "\.\/image\.tar"\)/],
  [{ output: { type: "local", dest: "" } }, /^Invalid output\.dest: '' is not .*"\.\/out"/],
  [{ output: { type: "local", dest: new WritableStream() } }, /use the type tar/],
  [{ output: { type: "oci", tar: false } }, /^Invalid output\.dest: it is missing .*"\.\/out"/],
  [{ output: { type: "oci", tar: false, dest: new WritableStream() } }, /; leave out tar: false$/],
  [
    { output: [{ type: "oci", tar: false, dest: "a" }, { type: "docker", tar: false, dest: "b" }] },
    /^Invalid output\[1\]: a build can write one OCI layout only; build it twice$/,
  ],
  [{ output: { type: "tar", dest: 5 } }, /^Invalid output\.dest: 5 is not a destination/],
  [{ output: { type: "tar", dest: new URL("https://x/") } }, /is not a path on this machine/],
  [{ output: { type: "image", compression: "brotli" } }, /'brotli' is not a compression; there/],
  [{ output: { type: "image", compressionLevel: 10 } }, /10 is not a level of gzip: 0 to 9/],
  [
    { output: { type: "image", compression: "zstd", compressionLevel: 23 } },
    /^Invalid output\.compressionLevel: 23 is not a level of zstd: 0 to 22/,
  ],
  [{ output: { type: "image", compressionLevel: 1.5 } }, /1\.5 is not a level/],
  [
    { output: { type: "image", compression: "uncompressed", compressionLevel: 0 } },
    /the compression uncompressed has no levels/,
  ],
  [{ output: { type: "image", store: "no" } }, /^Invalid output\.store: 'no' is neither true nor/],
  [{ output: { type: "image", danglingNamePrefix: "a@b" } }, /is not the beginning of a name/],
  [{ tags: ["a"], output: { type: "image", pushByDigest: true } }, /but push is not set/],
  [
    { tags: ["a:1"], output: { type: "image", push: true, pushByDigest: true } },
    /^Invalid tags\[0\]: "a:1" has a tag, .* \(for example "a"\)$/,
  ],
  [
    { output: { type: "image", compression: "zstd", ociMediaTypes: false } },
    /^Invalid output\.ociMediaTypes: .* the compression zstd/,
  ],
  [{ output: { type: "oci", dest: "a", ociArtifact: true, ociMediaTypes: false } }, /ociArtifact/],
  [
    {
      annotations: { "manifest-descriptor:a": "1" },
      output: { type: "docker", dest: "a", ociMediaTypes: false },
    },
    /an annotation on an index or a descriptor/,
  ],
  [{ annotations: { "x:a": "1" }, output: "cacheonly" }, /^Invalid annotations: .* not a level/],
  [{ output: { type: "local", dest: "a", mode: "move" } }, /^Invalid output\.mode: 'move' is not/],
  [{ output: { type: "local", dest: "a", names: ["b"] } }, /^Invalid output\.names: there is no/],
  [{ output: { type: "image", attrs: { a: 1 } } }, /^Invalid output\.attrs\.a: 1 is not a string/],
];

for (const [options, message] of BAD) {
  Deno.test(`planOutputs() refuses ${JSON.stringify(options)} with ${message}`, () => {
    assert.throws(() => planOutputs(options), (error: unknown) => {
      assert(error instanceof OptionError, String(error));
      assert.match(error.message, message);
      return true;
    });
  });
}

Deno.test("pathOf() takes paths and file: URLs", () => {
  assert.equal(pathOf("a b", "x"), "a b");
  assert.equal(pathOf(new URL("file:///a%20b"), "x"), "/a b");
  assert.throws(() => pathOf(new URL("http://a/"), "x"), OptionError);
});
