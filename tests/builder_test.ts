/** The table of docs/docker.md, row by row, on real builders. */
import assert from "node:assert/strict";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Builder, chooseBuilder, surveyBuilders } from "../src/builder.ts";
import { ConnectionError, NoBuilderError } from "../src/errors.ts";
import { daemonTest, engineTest } from "./support/env.ts";
import { startBuildkitd } from "./support/buildkitd.ts";
import { deadAddress } from "./support/listener.ts";
import { tempFolder } from "./support/temp_folder.ts";
import { withoutBuildKit } from "./docker/engine_proxy.ts";

type Variables = Record<string, string>;

/** The choice with just these variables; what it said is in `said`. */
async function choose(
  variables: Variables,
  address?: string,
): Promise<{ builder: Builder; said: { debug: string[]; warn: string[] } }> {
  const said = { debug: [] as string[], warn: [] as string[] };
  const builder = await chooseBuilder({
    address,
    env: (name) => variables[name],
    logger: {
      debug: (line) => void said.debug.push(line),
      warn: (line) => void said.warn.push(line),
    },
  });
  await builder.close();
  return { builder, said };
}

const summary = ({ kind, address, from }: Builder) => ({ kind, address, from });

Deno.test("chooseBuilder() 1: takes the address that was given, whatever else is set", async () => {
  const variables = { MOAT_DISABLE_BUILDKIT: "1", BUILDKIT_HOST: "tcp://other:1" };
  const { builder } = await choose(variables, "tcp://given:1");
  assert.deepEqual(summary(builder), {
    kind: "standalone",
    address: "tcp://given:1",
    from: "address",
  });
});

engineTest(
  "chooseBuilder() 2: MOAT_DISABLE_BUILDKIT takes the classic builder of {}",
  async ({ host }) => {
    for (const value of ["1", "true", "T"]) {
      const { builder, said } = await choose({
        MOAT_DISABLE_BUILDKIT: value,
        BUILDKIT_HOST: "tcp://other:1",
        DOCKER_HOST: host,
      });
      const from = "MOAT_DISABLE_BUILDKIT";
      assert.deepEqual(summary(builder), { kind: "classic", address: host, from });
      // It was asked for.
      assert.deepEqual(said.warn, []);
    }
  },
);

Deno.test("chooseBuilder() 2: MOAT_DISABLE_BUILDKIT without an engine says what to do", async () => {
  await assert.rejects(choose({ MOAT_DISABLE_BUILDKIT: "1" }), (error) => {
    assert(error instanceof NoBuilderError, String(error));
    assert.match(error.message, /docker\.sock.*: no such socket[^]*unset MOAT_DISABLE_BUILDKIT/);
    return true;
  });
});

Deno.test("chooseBuilder() 2: MOAT_DISABLE_BUILDKIT=0 disables nothing", async () => {
  const { builder } = await choose({ MOAT_DISABLE_BUILDKIT: "0", BUILDKIT_HOST: "tcp://there:1" });
  assert.equal(builder.from, "BUILDKIT_HOST");
});

engineTest(
  "chooseBuilder() 3: BUILDKIT_HOST comes before {}, even if nothing is there",
  async ({ host }) => {
    const address = await deadAddress();
    const { builder } = await choose({ BUILDKIT_HOST: address, DOCKER_HOST: host });
    assert.deepEqual(summary(builder), { kind: "standalone", address, from: "BUILDKIT_HOST" });
  },
);

engineTest("chooseBuilder() 4: takes the BuildKit in {}", async ({ host, native }) => {
  const { builder, said } = await choose({ DOCKER_HOST: host });
  assert.deepEqual(summary(builder), { kind: "embedded", address: host, from: "DOCKER_HOST" });
  assert.equal(builder.kind === "embedded" && builder.embedded.way, native ? "native" : "hijacked");
  assert.deepEqual(said.warn, []);
  assert(
    said.debug.some((line) => line.includes(host) && line.includes("Docker/")),
    said.debug.join("\n"),
  );
});

engineTest(
  "chooseBuilder() 4: {} without BuildKit gives its classic builder and one warning",
  async ({ host }) => {
    await using engine = await withoutBuildKit(host);
    const { builder, said } = await choose({ DOCKER_HOST: engine.host });
    assert.deepEqual(summary(builder), {
      kind: "classic",
      address: engine.host,
      from: "DOCKER_HOST",
    });
    assert.equal(said.warn.length, 1);
    assert.match(
      said.warn[0]!,
      /has no BuildKit \(it answers POST \/grpc with status 404\): using its classic builder/,
    );
  },
  ({ native }) => !native,
);

Deno.test("chooseBuilder() 4: an engine that was named and does not answer is an error", async () => {
  const host = await deadAddress();
  await assert.rejects(choose({ DOCKER_HOST: host }), (error) => {
    assert(error instanceof ConnectionError, String(error));
    assert.equal(error.code, "CONNECTION_REFUSED");
    assert.match(
      error.message,
      /^Cannot reach the Docker engine at tcp:.*, from DOCKER_HOST: nothing listens there/,
    );
    return true;
  });
});

daemonTest(
  "chooseBuilder() 4: BuildKit's own daemon in DOCKER_HOST is no engine",
  async ({ tcpAddress }) => {
    await assert.rejects(
      choose({ DOCKER_HOST: tcpAddress }),
      (error) => error instanceof ConnectionError && error.code === "NOT_ENGINE",
    );
  },
);

daemonTest("chooseBuilder() 5: takes a buildkitd at a usual socket", async ({ tools }) => {
  await using folder = tempFolder();
  mkdirSync(join(folder.path, "buildkit"));
  const address = `unix://${folder.path}/buildkit/buildkitd.sock`;
  await using _daemon = await startBuildkitd({ tools, extraArgs: ["--addr", address] });
  const { builder } = await choose({ XDG_RUNTIME_DIR: folder.path });
  assert.deepEqual(summary(builder), { kind: "standalone", address, from: "usual socket" });
});

Deno.test("chooseBuilder() 6: takes buildkitd from PATH, and starts nothing yet", async () => {
  await using folder = tempFolder();
  const program = join(folder.path, "buildkitd");
  writeFileSync(program, "#!/bin/false\n");
  await assert.rejects(choose({ PATH: folder.path }), NoBuilderError, "it is not executable");
  chmodSync(program, 0o755);
  const { builder } = await choose({ PATH: folder.path });
  assert.deepEqual(summary(builder), { kind: "standalone", address: program, from: "PATH" });
});

Deno.test("chooseBuilder() 7: without any, lists what was tried and three ways to get one", async () => {
  await assert.rejects(
    choose({ HOME: "/home/nobody", XDG_RUNTIME_DIR: "/run/nobody" }),
    (error) => {
      assert(error instanceof NoBuilderError, String(error));
      const tried = error.message.split("\n").filter((line) => line.startsWith("  "));
      assert.deepEqual(tried, [
        "  BUILDKIT_HOST: not set",
        "  unix:///var/run/docker.sock (default socket): no such socket",
        "  unix:///run/nobody/docker.sock (default socket): no such socket",
        "  unix:///home/nobody/.docker/run/docker.sock (default socket): no such socket",
        "  unix:///home/nobody/.docker/desktop/docker.sock (default socket): no such socket",
        "  unix:///home/nobody/.colima/default/docker.sock (default socket): no such socket",
        "  unix:///run/buildkit/buildkitd.sock: no such socket",
        "  unix:///run/nobody/buildkit/buildkitd.sock: no such socket",
        "  buildkitd on PATH: not there",
      ]);
      assert.match(error.message, /set BUILDKIT_HOST .* start Docker.* install buildkitd/);
      return true;
    },
  );
});

engineTest(
  "surveyBuilders() finds all there is, in the order of choice, with {} too",
  async ({ host }) => {
    const variables: Variables = { BUILDKIT_HOST: "tcp://there:1", DOCKER_HOST: host };
    const { builders, failure } = await surveyBuilders({ env: (name) => variables[name] });
    for (const builder of builders) await builder.close();
    assert.deepEqual(builders.map(({ kind }) => kind), ["standalone", "embedded"]);
    assert.equal(failure, undefined);
  },
);
