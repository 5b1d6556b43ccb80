import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { VERSION } from "../../src/cli/version.ts";
import { run } from "../support/process.ts";
import { tempFolder } from "../support/temp_folder.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

for (const module of ["cli.ts", "mod.ts"]) {
  Deno.test(`${module} is the command where it is the program that runs`, async () => {
    const args = ["run", "-A", "--no-check", join(ROOT, module)];
    const version = await run(Deno.execPath(), [...args, "--version"]);
    assert.equal(version.stdout, `moat-build ${VERSION}\n`);
    assert.equal((await run(Deno.execPath(), [...args, "biuld"])).code, 2);
  });

  Deno.test(`${module} does nothing when it is imported, or part of a bundle`, async () => {
    await using folder = tempFolder();
    const program = join(folder.path, "program.ts");
    const bundle = join(folder.path, "bundle.js");
    const url = pathToFileURL(join(ROOT, module)).href;
    writeFileSync(program, `import ${JSON.stringify(url)};\nconsole.log("mine");\n`);
    const bundling = [
      "bundle",
      "--packages",
      "external",
      "--external",
      "dockerode",
      "--output",
      bundle,
      program,
    ];
    const bundled = await run(Deno.execPath(), bundling, { cwd: ROOT });
    assert.equal(bundled.code, 0, bundled.stderr);
    for (const path of [program, bundle]) {
      const args = ["run", "-A", "--no-check", path, "--version"];
      const { stdout, stderr } = await run(Deno.execPath(), args, { cwd: ROOT });
      assert.equal(stdout, "mine\n", `${path}: ${stderr}`);
    }
  });
}
