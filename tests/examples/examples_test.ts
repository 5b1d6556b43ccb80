/** The examples run as their heads say, and do what they are there to show. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { daemonTest, engineTest, type TestEnvironment } from "../support/env.ts";
import { startHubBuilder } from "../support/hub_builder.ts";
import { REGISTRY_LOGIN, startRegistry } from "../support/registry.ts";
import { run } from "../support/process.ts";
import { tagSidecarImage } from "../support/sidecar_image.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { commandOf, exampleNames, linesOf, ROOT, runExample } from "./support.ts";

const DIGEST = "sha256:[0-9a-f]{64}";

/** Media types of what a push may leave. */
const MANIFESTS = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
];

/** What an example can use. */
interface Place {
  readonly environment: TestEnvironment;
  readonly cwd: string;
  readonly env: Record<string, string>;
}

type Check = (place: Place) => Promise<void>;

const CHECKS: Readonly<Record<string, Check>> = {
  hello: async (place) => {
    const [first, second] = await runExample("hello", place);
    assert.match(first!, new RegExp(`^docker.io/library/hello:latest is ${DIGEST}$`));
    assert.equal(second, `made by ${place.env.BUILDKIT_HOST}, named by BUILDKIT_HOST`);
  },
  in_memory: async (place) => {
    const lines = await runExample("in_memory", place);
    assert.equal(lines[0], "the builder asked for 3 files");
    assert.match(lines[1]!, new RegExp(`^${DIGEST} is an archive of [1-9]\\d{3,} bytes$`));
  },
  secrets: async (place) => {
    const lines = await runExample("secrets", place);
    const [digest] = new RegExp(DIGEST).exec(lines[0]!) ?? [];
    const line = `built ${digest}, asked 1 time`;
    assert.deepEqual(lines, [line, line]);
  },
  progress: async (place) => {
    const lines = await runExample("progress", place);
    const line = /^\d+ of \d+: (.*) \(completed, \d+\.\d s\)(?:: (.*))?$/;
    const said = new Map(lines.map((text) => line.exec(text)?.slice(1) as [string, string] ?? []));
    assert(said.has("[make 3/4] COPY . ."), lines.join("\n"));
    assert(said.has("[stage-1 2/2] COPY --from=make /out/hello /bin/hello"));
    const step = "[make 4/4] RUN --mount=type=cache,target=/var/cache/hello sh make.sh";
    assert.match(said.get(step) ?? "", /^greetings: /);
    assert.match(lines.at(-1)!, /^done in \d+\.\d s$/);
  },
  private_registry: async (place) => {
    const { tools } = place.environment;
    await using registry = await startRegistry({ tools, auth: true });
    const { username, password } = REGISTRY_LOGIN;
    const image = `${registry.host}/team/app:1`;
    const env = { ...place.env, REGISTRY_USER: username, REGISTRY_PASSWORD: password };
    const [line] = await runExample("private_registry", { ...place, env, args: [image] });
    const answer = await fetch(`http://${registry.host}/v2/team/app/manifests/1`, {
      headers: {
        authorization: `Basic ${btoa(`${username}:${password}`)}`,
        accept: MANIFESTS.join(", "),
      },
    });
    await answer.body?.cancel();
    assert.equal(line, `pushed ${image}@${answer.headers.get("docker-content-digest")}`);
  },
  local_export: async (place) => {
    const lines = await runExample("local_export", place);
    assert.deepEqual(lines, ["2 entries, 19 bytes in out:", "  fruit.txt", "  trees.txt"]);
    assert.equal(readFileSync(join(place.cwd, "out/fruit.txt"), "utf8"), "apple\npear\n");
  },
  registry_cache: async (place) => {
    const { environment } = place;
    const args = [`${environment.registry}/example/${crypto.randomUUID()}:cache`];
    const steps = [
      `[app 2/2] COPY --from=compile /program /bin/program`,
      `[compile 2/2] RUN echo "this takes long" && echo compiled > /program`,
    ];
    const first = await runExample("registry_cache", { ...place, args });
    assert.deepEqual(first.slice(0, -1).sort(), steps.map((step) => `completed: ${step}`));
    await using other = await startHubBuilder(environment);
    const env = { BUILDKIT_HOST: other.tcpAddress };
    const second = await runExample("registry_cache", { ...place, env, args });
    assert.deepEqual(second.slice(0, -1).sort(), steps.map((step) => `cached: ${step}`));
    assert.equal(second.at(-1), first.at(-1));
  },
  matrix: async (place) => {
    const lines = await runExample("matrix", place);
    const cells = ["1.0 slim", "1.0 full", "1.1 slim", "1.1 full"];
    for (const [i, cell] of cells.entries()) {
      assert.match(lines[i]!, new RegExp(`^${cell}: ${DIGEST}$`));
    }
    assert.equal(new Set(lines.slice(0, 4).map((line) => line.split(": ")[1])).size, 4);
    assert.deepEqual(lines.slice(4), ["2.0 slim: COMMAND_FAILED", "2.0 full: COMMAND_FAILED"]);
  },
  watch: watches,
  cancel: async (place) => {
    assert.deepEqual(await runExample("cancel", place), [
      "signal: Error: the user went away",
      "limit: TimeoutError: The build was canceled: it took longer than 0.1 s. Give it more time, or see what it waits for",
      "by hand: CANCELED",
      "loop: left",
    ]);
  },
  explain_failure: async (place) => {
    assert.deepEqual(await runExample("explain_failure", place), [
      "The build failed at Dockerfile:3: the command ended with exit code 2",
      "code:      COMMAND_FAILED, exit code 2",
      `at:        Dockerfile:3 RUN grep -q secure /etc/setings.json`,
      "it said:   grep: /etc/setings.json: No such file or directory",
    ]);
  },
  ask_dockerfile: async (place) => {
    assert.deepEqual(await runExample("ask_dockerfile", place), [
      "stage: base is where all others begin",
      "stage: app is the program (the default)",
      `argument: NAME is what it is called, by default "app"`,
      "secret: token",
      "the checks say:",
      "  FromAsCasing: 'as' and 'FROM' keywords' casing do not match",
    ]);
  },
  frontend: async (place) => {
    const lines = await runExample("frontend", place);
    assert.equal(lines[0], "the version is 1.2.3");
    assert.match(lines[1]!, new RegExp(`^built ${DIGEST}$`));
    assert.match(lines[2]!, new RegExp(`^its config is ${DIGEST}$`));
  },
  "fixtures/deno": async (place) => {
    // Deno looks for the package that "@moat/build" is in the working directory.
    const [program, args] = commandOf("fixtures/deno");
    const lines = linesOf(
      await run(program, args, { cwd: ROOT, env: { ...place.env, NO_COLOR: "1" } }),
    );
    assert.equal(lines.filter((line) => new RegExp(`^the app is ${DIGEST}$`).test(line)).length, 1);
    assert(lines.some((line) => line.startsWith("ok | 2 passed | 0 failed")), lines.join("\n"));
  },
};

daemonTest("examples do what they are there to show", async (environment, context) => {
  await using hub = await startHubBuilder(environment);
  await using folder = tempFolder();
  const place = { environment, cwd: folder.path, env: { BUILDKIT_HOST: hub.tcpAddress } };
  for (const [name, check] of Object.entries(CHECKS)) {
    await context.step(name, () => check(place));
  }
});

Deno.test("every example is tested, listed, and short", () => {
  const readme = readFileSync(join(ROOT, "examples/README.md"), "utf8");
  for (const name of exampleNames()) {
    assert(Object.hasOwn(CHECKS, name) || name === "sidecar", `${name} is not tested`);
    assert(readme.includes(`](${name}.ts)`), `examples/README.md does not list ${name}`);
    const lines = readFileSync(join(ROOT, "examples", `${name}.ts`), "utf8").split("\n").length - 1;
    assert(lines <= 60, `${name} has ${lines} lines`);
  }
});

engineTest("the example sidecar works with {}", async (engine, environment) => {
  await using image = await tagSidecarImage(engine, environment);
  await using folder = tempFolder();
  const env = { BUILDKIT_HOST: "", DOCKER_HOST: engine.host };
  const lines = await runExample("sidecar", { cwd: folder.path, env });
  assert.equal(lines[0], `started ${image.name}`);
  assert.equal(lines[1], `BuildKit ${image.name.split(":")[1]} with 1 worker`);
  assert.match(lines[2]!, new RegExp(`^built ${DIGEST} by standalone BuildKit$`));
  assert.equal(lines[3], "and it is gone");
}, ({ runsContainers }) => runsContainers);

/** Reads line by line, and changes a file only when the build of its last content is there. */
async function watches({ cwd, env }: Place): Promise<void> {
  cpSync(join(ROOT, "examples/hello"), join(cwd, "hello"), { recursive: true });
  const [program, args] = commandOf("watch");
  const child = spawn(program, [...args.slice(0, -1), "hello"], {
    ...{ cwd, stdio: ["ignore", "pipe", "inherit"] },
    env: { ...process.env, ...env, NO_COLOR: "1" },
  });
  const closed = once(child, "close");
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  try {
    await editAndWatch(lines, join(cwd, "hello"));
    // Deno takes its own kill() for how the child has ended.
    process.kill(child.pid!, "SIGTERM");
    assert.equal(await lineThat(lines, /^bye$/), "bye");
    assert.deepEqual(await closed, [0, null]);
  } finally {
    child.kill("SIGKILL");
    await closed;
  }
}

const BUILT = new RegExp(`^built (${DIGEST}) in \\d+ ms$`);

async function editAndWatch(lines: AsyncIterator<string>, folder: string): Promise<void> {
  assert.equal(await lineThat(lines, /./), "watching hello");
  const first = await lineThat(lines, BUILT);
  writeFileSync(join(folder, "greetings.txt"), "Hola, mundo\n");
  assert.notEqual(digestOf(await lineThat(lines, BUILT)), digestOf(first));
  writeFileSync(join(folder, "Dockerfile"), "NONSENSE\n");
  await lineThat(lines, /^The build failed at Dockerfile:1: unknown instruction: NONSENSE$/);
  writeFileSync(join(folder, "Dockerfile"), "FROM scratch\nCOPY make.sh /\n");
  await lineThat(lines, BUILT);
}

/** The next line that looks like this: several events tell of one change, and builds may see a file half written. */
async function lineThat(lines: AsyncIterator<string>, pattern: RegExp): Promise<string> {
  for (let next = await lines.next(); !next.done; next = await lines.next()) {
    if (pattern.test(next.value)) return next.value;
  }
  throw new Error(`it never printed ${pattern}`);
}

function digestOf(line: string): string | undefined {
  return BUILT.exec(line)?.[1];
}
