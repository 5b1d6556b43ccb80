import assert from "node:assert/strict";
import { main } from "../../src/cli/main.ts";
import { VERSION } from "../../src/cli/version.ts";
import { fakeIo } from "./fake_io.ts";

const DOCKER = { DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND: "/usr/bin/docker" };

Deno.test("main() tells Docker what plugin it is", async () => {
  const io = fakeIo();
  assert.equal(await main(["docker-cli-plugin-metadata"], io), 0);
  assert.deepEqual(JSON.parse(io.out()), {
    SchemaVersion: "0.1.0",
    Vendor: "moat",
    Version: `v${VERSION}`,
    ShortDescription: "Build container images on BuildKit",
  });
});

Deno.test("main() leaves out the plugin's name that Docker puts first", async () => {
  for (const name of ["moat", "moatbuild", "moat-build"]) {
    const io = fakeIo({ env: DOCKER });
    assert.equal(await main([name, "version"], io), 0, io.err());
    assert.equal(io.out(), `moat-build ${VERSION}\n`);
  }
  // Something that a plugin of Docker's runs is called without it.
  assert.equal(await main(["version"], fakeIo({ env: DOCKER })), 0);
  assert.equal(await main(["moat", "version"], fakeIo()), 2);
});
