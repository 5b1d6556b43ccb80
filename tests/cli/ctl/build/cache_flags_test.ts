import assert from "node:assert/strict";
import { parseExportCaches, parseImportCaches } from "../../../../src/cli/ctl/build/cache_flags.ts";

const GITHUB: Record<string, string> = {
  ACTIONS_CACHE_URL: "https://cache.example/",
  ACTIONS_RUNTIME_TOKEN: "t",
};
const noEnv = () => undefined;

const EXPORTS: [text: string, type: string, attrs: Record<string, string>][] = [
  ["a/b:c", "registry", { ref: "a/b:c", mode: "min" }],
  ["ref=a", "registry", { ref: "ref=a", mode: "min" }],
  ["type=registry,REF=a", "registry", { ref: "a", mode: "min" }],
  ["type=registry,ref=a,mode=max", "registry", { ref: "a", mode: "max" }],
  ["type=inline", "inline", { mode: "min" }],
  ["type=local,dest=out,tag=x", "local", { dest: "out", tag: "x", mode: "min" }],
  ["type=s3,bucket=b,region=r", "s3", { bucket: "b", region: "r", mode: "min" }],
  ["type=other,x=y", "other", { x: "y", mode: "min" }],
];

for (const [text, type, attrs] of EXPORTS) {
  Deno.test(`parseExportCaches() takes ${text}`, () => {
    const [entry] = parseExportCaches([text], noEnv);
    assert.deepEqual(
      { type: entry!.type, attrs: Object.fromEntries(entry!.attrs) },
      { type, attrs },
    );
  });
}

const IMPORTS: [text: string, type: string, attrs: Record<string, string>][] = [
  ["a/b:c", "registry", { ref: "a/b:c" }],
  ["type=registry,ref=a", "registry", { ref: "a" }],
  ["type=local,src=in,digest=sha256:x", "local", { src: "in", digest: "sha256:x" }],
  ["type=gha,scope=s", "gha", { scope: "s", url: "https://cache.example/", token: "t" }],
];

for (const [text, type, attrs] of IMPORTS) {
  Deno.test(`parseImportCaches() takes ${text}`, () => {
    const [entry] = parseImportCaches([text], (name) => GITHUB[name]);
    assert.deepEqual(
      { type: entry!.type, attrs: Object.fromEntries(entry!.attrs) },
      { type, attrs },
    );
  });
}

const WRONG: [parse: typeof parseExportCaches, text: string, error: RegExp][] = [
  [parseExportCaches, "type=registry", /requires ref/],
  [parseExportCaches, "type=local", /requires dest/],
  [parseExportCaches, "type=,a=b", /requires type=<type>/],
  [parseExportCaches, "type=inline,x", /invalid value x/],
  [parseExportCaches, "type=gha", /gha: it has no url .* and no token/],
  [parseImportCaches, "type=registry", /requires ref/],
  [parseImportCaches, "type=local", /requires src/],
];

for (const [parse, text, error] of WRONG) {
  Deno.test(`${parse.name}() refuses ${text}`, () => {
    assert.throws(() => parse([text], noEnv), error);
  });
}
