import assert from "node:assert/strict";
import { Buildctl } from "./buildctl.ts";
import { daemonTest } from "./env.ts";

daemonTest(
  "daemonTest() hands out two builders that can run the base image",
  async (environment) => {
    for (const address of [environment.address, environment.tcpAddress, environment.peerAddress]) {
      const answer = await new Buildctl(environment.tools.buildctl, address).run("debug", "info");
      assert.match(answer.stdout, /BuildKit: .* v0\.34\.2/);
    }
  },
);
