import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { fileURLToPath } from "node:url";
import { INSTALLED } from "../tools/dependencies.ts";

/** What every part may import. */
const BASICS = ["errors.ts", "types.ts", "types", "gen", "runtime"];

/**
 * Imports point downward: each part of `src/` with the other parts it may use besides the basics. A part is a folder, or a
 * file that stands directly in `src/`.
 */
const MAY_IMPORT: Record<string, readonly string[]> = {
  // The bottom.
  "errors.ts": [],
  "types.ts": [],
  "types": ["registry"],
  "gen": ["rpc"],
  "runtime": [],
  "environment.ts": [],
  "fanout.ts": [],
  "metadata.ts": [],
  "nearest.ts": [],
  "pem.ts": [],
  "unless_aborted.ts": [],
  // Parts that know nothing of each other, nor of builds.
  "rpc": [],
  "files": ["rpc", "unless_aborted.ts"],
  "progress": ["nearest.ts"],
  "registry": ["environment.ts", "pem.ts", "unless_aborted.ts"],
  "report": ["environment.ts", "progress"],
  "connect": ["rpc", "pem.ts"],
  "frontend": ["nearest.ts"],
  // Parts that put them together, each on top of those before.
  "diagnosis": ["files", "progress", "registry", "nearest.ts"],
  "build_error.ts": ["diagnosis"],
  "failed_build.ts": ["rpc", "diagnosis", "build_error.ts"],
  "content": ["rpc", "files"],
  "ssh": ["rpc"],
  "session": [
    ...["environment.ts", "rpc", "files", "registry", "frontend", "content", "ssh"],
    "unless_aborted.ts",
  ],
  "history.ts": ["rpc"],
  "control": ["rpc", "files", "frontend", "progress", "history.ts"],
  "client.ts": ["rpc", "connect", "environment.ts", "session", "control"],
  "gateway": [
    ...["rpc", "files", "frontend"],
    ...["control", "client.ts", "diagnosis", "build_error.ts", "failed_build.ts"],
  ],
  "history_page.ts": ["rpc", "progress", "report", "control", "client.ts"],
  "history_report.ts": ["rpc", "client.ts", "history_page.ts"],
  "attestations.ts": ["client.ts", "history.ts"],
  "slsa.ts": [],
  "record_provenance.ts": ["rpc", "client.ts", "history.ts", "slsa.ts"],
  "image_size.ts": ["rpc", "client.ts", "history.ts"],
  "follow_status.ts": ["client.ts"],
  "solve.ts": [
    "follow_status.ts",
    ...["rpc", "connect", "session", "client.ts", "progress"],
    ...["diagnosis", "failed_build.ts", "gateway", "history.ts"],
  ],
  "layout_export.ts": ["content", "files", "exports.ts", "outputs.ts"],
  "exports.ts": ["rpc", "content", "session", "layout_export.ts", "outputs.ts"],
  // The options of a build.
  "options.ts": ["nearest.ts", "frontend"],
  "outputs": ["frontend", "nearest.ts", "options.ts"],
  "outputs.ts": ["frontend", "options.ts", "outputs"],
  "context": ["environment.ts", "rpc", "files", "session", "options.ts", "outputs.ts"],
  "vcs": ["runtime", "files", "context"],
  "parts": [
    ...["environment.ts", "nearest.ts", "pem.ts", "unless_aborted.ts", "rpc", "ssh", "files"],
    ...["registry", "frontend", "session", "content", "client.ts", "progress"],
    ...["options.ts", "outputs", "outputs.ts", "context", "vcs"],
    "build_error.ts",
    "gateway",
  ],
  // Docker engines, and the choice between all builders.
  "docker": [
    ...["environment.ts", "rpc", "connect", "files", "registry", "frontend"],
    ...[
      "diagnosis",
      "build_error.ts",
      "failed_build.ts",
      "control",
      "client.ts",
      "context",
      "outputs",
    ],
    "outputs.ts",
  ],
  "connect.ts": ["connect", "client.ts", "docker"],
  "builder.ts": ["environment.ts", "connect", "client.ts", "connect.ts", "docker"],
  "callbacks.ts": ["rpc", "files", "registry", "session", "exports.ts", "parts"],
  // The top.
  "run": ["*"],
  "run_build.ts": ["*"],
  "build.ts": ["*"],
  "calls.ts": ["*"],
  "shared_builder.ts": ["*"],
  "cli": ["*"],
};

/** Files of other parts that are seams of `rpc/`: all that `files/` and `gen/` may know of it. */
const SEAMS: Record<string, RegExp> = {
  "gen": /^rpc\/(codec|method)\.ts$/,
  "files": /^rpc\/(call|envelope|metadata|refusal|status)\.ts$/,
  "types": /^registry\/credentials\.ts$/,
};

const SOURCE = fileURLToPath(new URL("../src/", import.meta.url));
const STATIC_REGEXP = /^(?:import|export)\s(?:[^;"']*?\sfrom\s+)?"([^"]+)"/gm;
const DYNAMIC_REGEXP = /\bimport\(\s*"([^"]+)",?\s*\)/g;

Deno.test("src/ imports downward only", () => {
  const wrong = relativeImports().filter(({ from, to }) => !isAllowed(from, to));
  assert.deepEqual(wrong.map(({ from, to }) => `${from} imports ${to}`), []);
});

Deno.test("src/ has no part without a rule", () => {
  const parts = new Set(sourceFiles().map(partOf));
  assert.deepEqual([...parts].filter((part) => MAY_IMPORT[part] === undefined), []);
});

Deno.test("src/ imports from outside only node: and what users may have to install", () => {
  const known = (name: string) => name.startsWith("node:") || INSTALLED.includes(name);
  const wrong = allImports().filter(({ to }) => !to.startsWith(".") && !known(to));
  assert.deepEqual(wrong, []);
});

Deno.test("src/ imports only what is there, also where it is loaded later", () => {
  const missing = relativeImports().filter(({ to }) => !existsSync(SOURCE + to));
  assert.deepEqual(missing, []);
});

interface Import {
  from: string;
  to: string;
}

function isAllowed(from: string, to: string): boolean {
  const [part, other] = [partOf(from), partOf(to)];
  if (part === other || BASICS.includes(other) && part !== "errors.ts") return true;
  const allowed = MAY_IMPORT[part] ?? [];
  if (allowed.includes("*")) return part === "cli" || other !== "cli";
  const seam = SEAMS[part];
  const crossesSeam = seam !== undefined && ["rpc", "registry"].includes(other);
  return allowed.includes(other) && (!crossesSeam || seam.test(to));
}

/** `files/walk.ts` is of the part `files`, `build.ts` of its own. */
function partOf(file: string): string {
  return file.split("/")[0]!;
}

function relativeImports(): Import[] {
  return allImports()
    .filter(({ to }) => to.startsWith("."))
    .map(({ from, to }) => ({ from, to: posix.join(posix.dirname(from), to) }));
}

function allImports(): Import[] {
  return sourceFiles().flatMap((from) => {
    const text = readFileSync(SOURCE + from, "utf8");
    return [...text.matchAll(STATIC_REGEXP), ...text.matchAll(DYNAMIC_REGEXP)]
      .map((match) => ({ from, to: match[1]! }));
  });
}

function sourceFiles(): string[] {
  return readdirSync(SOURCE, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts"));
}
