import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { daemonTest } from "../support/env.ts";
import { run } from "../support/process.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

daemonTest("the demo builds, runs and cleans up without a builder at hand", async () => {
  const env = { BUILDKIT_HOST: "", XDG_RUNTIME_DIR: "", NO_COLOR: "1" };
  const args = ["run", "--allow-all", "examples/demo.ts"];
  const { code, stdout, stderr } = await run(Deno.execPath(), args, { cwd: ROOT, env });
  assert.equal(code, 0, stderr);
  assert.match(stdout, /Started a private builder/);
  assert.match(stdout, /^Hello, world$/m);
  assert.match(stdout, /^digest +sha256:[0-9a-f]{64}$/m);
  assert.match(stderr, /greetings: compiling/);
});
