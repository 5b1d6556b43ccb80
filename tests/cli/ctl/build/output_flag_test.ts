import assert from "node:assert/strict";
import { parseCtlOutputs } from "../../../../src/cli/ctl/build/output_flag.ts";

const STREAM = new WritableStream<Uint8Array>();
const STDOUT = { isTerminal: false, open: () => STREAM };

/** The flag, what the daemon is told, and what is done here. */
const CASES: [text: string, type: string, attrs: Record<string, string>, output: unknown][] = [
  ["type=image", "image", {}, { type: "image" }],
  ["type=image,name=a,PUSH=true", "image", { name: "a", push: "true" }, { type: "image" }],
  ['type=image,"name=a,b"', "image", { name: "a,b" }, { type: "image" }],
  ["type=image,a=1,a=2", "image", { a: "2" }, { type: "image" }],
  ["type=local,dest=out", "local", {}, { type: "local", dest: "out" }],
  ["type=local,dest=out,mode=delete", "local", { mode: "delete" }, {
    type: "local",
    dest: "out",
    attrs: { mode: "delete" },
  }],
  ["type=tar,dest=x.tar", "tar", {}, { type: "tar", dest: "x.tar" }],
  ["type=tar", "tar", {}, { type: "tar", dest: STREAM }],
  ["type=tar,dest=-", "tar", {}, { type: "tar", dest: STREAM }],
  ["type=oci,dest=x.tar", "oci", {}, { type: "oci", dest: "x.tar" }],
  ["type=docker,tar=true,dest=x", "docker", { tar: "true" }, { type: "docker", dest: "x" }],
  ["type=oci,tar=false,dest=out", "oci", { tar: "false" }, {
    type: "oci",
    tar: false,
    dest: "out",
  }],
  ["type=oci,tar=maybe,dest=out", "oci", { tar: "maybe" }, { type: "oci", dest: "out" }],
  ["type=other,a=b", "other", { a: "b" }, { type: "image" }],
];

for (const [text, type, attrs, output] of CASES) {
  Deno.test(`parseCtlOutputs() takes ${text}`, () => {
    const [planned] = parseCtlOutputs([text], STDOUT);
    assert.deepEqual(planned!.exporter, { type, attrs: new Map(Object.entries(attrs)) });
    assert.deepEqual(planned!.output, output);
  });
}

const WRONG: [text: string, error: RegExp][] = [
  ["image", /invalid value image/],
  ["dest=x", /requires type=<type>/],
  ["type=,dest=x", /requires type=<type>/],
  ["type=local", /output directory is required for local exporter/],
  ["type=oci,tar=false", /output directory is required for oci exporter/],
  ["type=image,dest=x", /not supported by image exporter/],
  ["type=tar,dest=/tmp", /destination file is a directory/],
  ["type=tar,output=x", /you meant dest=x\?/],
  ['type=image,"name=a', /misplaced quote/],
];

for (const [text, error] of WRONG) {
  Deno.test(`parseCtlOutputs() refuses ${text}`, () => {
    assert.throws(() => parseCtlOutputs([text], STDOUT), error);
  });
}

Deno.test("parseCtlOutputs() refuses to write an archive to a terminal", () => {
  const terminal = { ...STDOUT, isTerminal: true };
  assert.throws(() => parseCtlOutputs(["type=tar"], terminal), /refusing to write to console/);
});
