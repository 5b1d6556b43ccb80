/**
 * The command as one program. Deno's runtime can't be downloaded everywhere; then DENORT_BIN is Deno itself, which takes the
 * program in as well but doesn't run it. The bundle that is compiled runs in any case.
 */
import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { build } from "../../mod.ts";
import { VERSION } from "../../src/cli/version.ts";
import { bundle, PERMISSIONS } from "../../tools/bundle.ts";
import { compile, TARGETS } from "../../tools/compile.ts";
import { builtFiles, readFiles, writeFiles } from "../build/support.ts";
import { daemonTest } from "../support/env.ts";
import { run, type RunOptions } from "../support/process.ts";
import { tempFolder } from "../support/temp_folder.ts";

const DOCKERFILE = fileURLToPath(new URL("../../tools/Dockerfile", import.meta.url));

/** The bundle with its permissions; the compiled program, where there is a runtime to make it of. */
async function commandOf(bundled: string, folder: string): Promise<string[]> {
  const { DENORT_BIN } = process.env;
  if (DENORT_BIN === undefined) {
    return [Deno.execPath(), "run", "--no-config", ...PERMISSIONS, bundled];
  }
  return await compile({ folder: join(folder, "compiled"), runtime: DENORT_BIN });
}

daemonTest("the bundled command works with just its permissions", async (environment, context) => {
  await using folder = tempFolder();
  const program = await bundle(join(folder.path, "bundle"));
  const project = join(folder.path, "project");
  const out = join(folder.path, "out");
  writeFiles(project, {
    Dockerfile: [
      `FROM ${environment.baseImage} AS made`,
      "RUN --mount=type=secret,id=token,env=TOKEN echo $TOKEN | wc -c > /length",
      "FROM scratch",
      "COPY --from=made /length /",
      "COPY file.txt /",
    ].join("\n"),
    "file.txt": "from the context",
  });
  const command = await commandOf(program, folder.path);
  const moatBuild = (args: string[], env: Record<string, string> = {}) => {
    const options: RunOptions = { env: { BUILDKIT_HOST: environment.tcpAddress, ...env } };
    const [file, ...before] = command;
    return run(file!, [...before, ...args], options);
  };
  const cases: [args: string[], code: number, output: RegExp, env?: Record<string, string>][] = [
    [["--version"], 0, new RegExp(`^moat-build ${VERSION}\n$`)],
    [["build", "--help"], 0, /--build-arg KEY/],
    [["ping"], 0, /linux\//],
    [["doctor"], 0, /BUILDKIT_HOST/],
    [["context", "ls", project], 0, /file\.txt/],
    [
      ["build", "--no-cache", "--progress", "plain", "-o", out, "--secret", "id=token", project],
      0,
      /RUN/,
      {
        token: "12345678",
      },
    ],
    [["build", "--call", "check", project], 0, /no warnings|Check complete/i],
    [["build", "--report", join(folder.path, "report.html"), project], 0, /./],
    [["history", "ls"], 0, /Completed|completed/],
    [["du"], 0, /./],
    [["ctl", "debug", "workers"], 0, /linux/],
    [["build", "--target", "gone", project], 1, /gone/],
    [["build", "--nope", project], 2, /unknown flag --nope/],
  ];
  for (const [args, code, output, env] of cases) {
    await context.step(args.slice(0, 3).join(" "), async () => {
      const finished = await moatBuild(args, env);
      const text = finished.stdout + finished.stderr;
      assert.equal(finished.code, code, text);
      assert.match(text, output);
      assert.doesNotMatch(text, /NotCapable|12345678/);
    });
  }
  assert.deepEqual(readFiles(out), { "file.txt": "from the context", length: "9\n" });
  assert(existsSync(join(folder.path, "report.html")));
});

Deno.test("compile() puts the bundle into Deno's runtime", async () => {
  await using folder = tempFolder();
  const { DENORT_BIN } = process.env;
  const runtime = DENORT_BIN ?? Deno.execPath();
  const [program] = await compile({ folder: folder.path, runtime });
  const added = statSync(program!).size - statSync(runtime).size;
  assert(added > 2 ** 20 && added < 8 * 2 ** 20, `${added} bytes were added`);
  if (DENORT_BIN === undefined) return;
  assert.equal((await run(program!, ["--version"])).stdout, `moat-build ${VERSION}\n`);
});

daemonTest("the command's image has the program of its platform", async (environment) => {
  await using out = tempFolder();
  const platforms = ["linux/amd64", "linux/arm64"];
  const programs = Object.values(TARGETS).map((name) => [name, name]);
  await build({
    address: environment.address,
    context: Object.fromEntries(programs),
    dockerfile: readFileSync(DOCKERFILE, "utf8"),
    buildArgs: { BASE: "scratch" },
    platforms,
    output: { type: "local", dest: out.path },
  });
  for (const platform of platforms) {
    const name = platform.replace("/", "_");
    const program = join(out.path, name, "usr/local/bin/moat-build");
    assert.equal(readFileSync(program, "utf8"), `moat-build-${platform.replace("/", "-")}`);
    assert.equal(statSync(program).mode & 0o777, 0o755);
  }
});

daemonTest("the command's image runs what it has, in its folder", async (environment) => {
  // The base that it is made for can't be had everywhere: a shell and a script stand in for it and the program.
  const content = "#!/bin/sh\necho in $PWD: $*\n";
  const programs = Object.values(TARGETS).map((name) => [name, content]);
  const image = {
    context: Object.fromEntries(programs),
    dockerfile: readFileSync(DOCKERFILE, "utf8"),
    buildArgs: { BASE: environment.baseImage },
  };
  const files = await builtFiles({
    address: environment.address,
    dockerfile:
      "FROM image AS ran\nRUN /usr/local/bin/moat-build --version >/said\nFROM scratch\nCOPY --from=ran /said /\n",
    contexts: { image: { build: image } },
  });
  assert.deepEqual(files, { said: "in /work: --version\n" });
});
