/**
 * Compiles the command into one program: `deno task compile [--output FOLDER] [--target TARGET]...`, for this machine into `dist`
 * by default; `--target all` for all.
 *
 * The program is Deno's runtime with the bundle in it, which is a seventh of what the sources with their packages are. Deno
 * downloads the runtime; where it can't, DENORT_BIN names one.
 */
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { runOk } from "../tests/support/process.ts";
import { bundle } from "./bundle.ts";

/** Names of programs by Deno's names of machines. */
export const TARGETS: Readonly<Record<string, string>> = {
  "x86_64-unknown-linux-gnu": "moat-build-linux-amd64",
  "aarch64-unknown-linux-gnu": "moat-build-linux-arm64",
  "x86_64-apple-darwin": "moat-build-darwin-amd64",
  "aarch64-apple-darwin": "moat-build-darwin-arm64",
  "x86_64-pc-windows-msvc": "moat-build-windows-amd64.exe",
};

/**
 * All that the bundle needs, and files like `/dev/fd/63`, which need this: nobody can add permissions to a compiled program.
 */
const PERMISSIONS = ["--allow-all"];

/** What is to be compiled. */
export interface CompileOptions {
  /** Where programs are written. */
  folder: string;
  /** Of {@linkcode TARGETS}. @default this machine alone */
  targets?: readonly string[];
  /** Deno's runtime for compiled programs. @default DENORT_BIN, else it is downloaded */
  runtime?: string;
}

/** Compiles the command and returns the programs' paths. */
export async function compile({ folder, targets, runtime }: CompileOptions): Promise<string[]> {
  const scratch = mkdtempSync(join(tmpdir(), "moat-compile-"));
  try {
    const program = await bundle(scratch);
    const programs: string[] = [];
    for (const target of targets ?? [Deno.build.target]) {
      const output = join(resolve(folder), TARGETS[target] ?? "moat-build");
      await compileFor(target, program, output, runtime);
      programs.push(output);
    }
    return programs;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function compileFor(
  target: string,
  program: string,
  output: string,
  runtime: string | undefined,
): Promise<void> {
  const env: Record<string, string> = runtime === undefined ? {} : { DENORT_BIN: runtime };
  const options = ["--quiet", "--no-config", "--no-check", "--target", target, "--output", output];
  await runOk(Deno.execPath(), ["compile", ...options, ...PERMISSIONS, program], { env });
}

if (import.meta.main) {
  const { values } = parseArgs({
    args: process.argv.slice(2),
    options: {
      output: { type: "string", short: "o", default: "dist" },
      target: { type: "string", multiple: true },
    },
  });
  const targets = values.target?.includes("all") ? Object.keys(TARGETS) : values.target;
  const unknown = targets?.filter((target) => !Object.hasOwn(TARGETS, target)) ?? [];
  if (unknown.length > 0) {
    throw new Error(
      `unknown target ${unknown.join(", ")}; known: ${Object.keys(TARGETS).join(", ")}`,
    );
  }
  const programs = await compile({ folder: values.output, ...(targets && { targets }) });
  for (const path of programs) {
    console.log(`${path} ${(statSync(path).size / 1024 ** 2).toFixed(1)} MiB`);
  }
}
