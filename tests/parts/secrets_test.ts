import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { build } from "../../src/build.ts";
import { BuildError } from "../../src/build_error.ts";
import type { BuildKitClient } from "../../src/client.ts";
import { main } from "../../src/cli/main.ts";
import { connect } from "../../src/connect.ts";
import { OptionError, SecretError } from "../../src/errors.ts";
import { BuildHistoryRecord } from "../../src/gen/control.ts";
import { findRecord, readBlob } from "../../src/history.ts";
import type { BuildOptions } from "../../src/types.ts";
import { builtFiles } from "../build/support.ts";
import { fakeIo } from "../cli/fake_io.ts";
import { Buildctl } from "../support/buildctl.ts";
import { daemonTest } from "../support/env.ts";
import { tempFolder } from "../support/temp_folder.ts";

/** A step that no build has done before, with these mounts. */
function step(baseImage: string, mounts: string, command: string): string {
  return `FROM ${baseImage}\nRUN ${mounts} : ${crypto.randomUUID()} && ${command}\n`;
}

const REQUIRED = "--mount=type=secret,id=token,required=true";

daemonTest("build() hands over secrets of every kind", async ({ address, baseImage }) => {
  await using folder = tempFolder();
  const file = join(folder.path, "file");
  writeFileSync(file, "from file");
  const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
  const ids = ["text", "bytes", "file", "env", "made", "empty", "none", "undeclared"];
  const mounts = ids.map((id) => `--mount=type=secret,id=${id}`).join(" ");
  const dockerfile = step(baseImage, mounts, "mkdir /out && cp /run/secrets/* /out/") +
    "RUN rm -f /out/bytes.hex && hexdump -ve '1/1 \"%02x\"' /out/bytes >/out/bytes.hex && rm /out/bytes\n" +
    "FROM scratch\nCOPY --from=0 /out /\n";
  const secrets = {
    text: "from text",
    bytes,
    file: { file },
    env: { env: "PATH" },
    made: () => Promise.resolve("from function"),
    empty: "",
    none: () => undefined,
  };
  assert.deepEqual(await builtFiles({ address, dockerfile, secrets }), {
    "bytes.hex": [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join(""),
    "empty": "",
    "env": Deno.env.get("PATH"),
    "file": "from file",
    "made": "from function",
    "text": "from text",
  });
});

daemonTest("build() asks a function once, however many steps need it", async (environment) => {
  const { address, baseImage } = environment;
  const command = "cat /run/secrets/token";
  const one = step(baseImage, REQUIRED, command);
  const dockerfile = `${one}RUN ${REQUIRED} ${command}\n` +
    `${step(baseImage, REQUIRED, command)}COPY --from=0 /etc/passwd /x\n`;
  const asked: AbortSignal[] = [];
  const token = (signal: AbortSignal) => {
    asked.push(signal);
    return new Promise<string>((resolve) => setImmediate(() => resolve("t")));
  };
  await build({ address, dockerfile, secrets: { token } });
  assert.equal(asked.length, 1);
  assert(asked[0]!.aborted, "the signal does not tell that the build is over");
});

daemonTest("build() fails as buildctl does without a secret", async (environment) => {
  const { address, baseImage, tools } = environment;
  await using folder = tempFolder();
  const dockerfile = step(baseImage, REQUIRED, "true");
  writeFileSync(join(folder.path, "Dockerfile"), dockerfile);
  writeFileSync(join(folder.path, "other"), "x");
  const local = ["context", "dockerfile"].flatMap((name) => ["--local", `${name}=${folder.path}`]);
  const secret = ["--secret", `id=other,src=${join(folder.path, "other")}`];
  const args = ["--frontend", "dockerfile.v0", ...local, ...secret];
  const { code, stderr } = await new Buildctl(tools.buildctl, address).build(...args);
  assert.equal(code, 1);
  for (const secrets of [{ other: "x" }, { token: () => undefined }]) {
    await assert.rejects(build({ address, dockerfile, secrets }), (error: unknown) => {
      assert(error instanceof BuildError);
      assert.equal(error.code, "SECRET_MISSING");
      assert(stderr.trimEnd().endsWith(error.originalMessage), stderr);
      return true;
    });
  }
});

daemonTest("build() fails with what a secret's function threw as cause", async (environment) => {
  const { address, baseImage } = environment;
  const cause = new Error("no hunter2 today");
  const secrets = { token: () => Promise.reject(cause) };
  const building = build({ address, dockerfile: step(baseImage, REQUIRED, "true"), secrets });
  await assert.rejects(building, (error: unknown) => {
    assert(error instanceof SecretError);
    assert.deepEqual([error.code, error.id, error.cause], [
      "SECRET_FUNCTION_FAILED",
      "token",
      cause,
    ]);
    return true;
  });
  await using client = connect(address);
  assert.doesNotMatch(await everythingKept(client, building.ref), /hunter2/);
});

daemonTest("build() fails if a secret turns out to be too large", async (environment) => {
  const { address, baseImage } = environment;
  const secrets = { token: () => new Uint8Array(512_001) };
  const building = build({ address, dockerfile: step(baseImage, REQUIRED, "true"), secrets });
  await assert.rejects(building, { name: "SecretError", code: "SECRET_TOO_LARGE", id: "token" });
});

daemonTest("build() aborted while a function is asked stops it", async (environment) => {
  const { address, baseImage } = environment;
  const controller = new AbortController();
  const reason = new Error("my reason");
  let seen: unknown;
  const token = (signal: AbortSignal) => {
    signal.addEventListener("abort", () => seen = signal.reason);
    controller.abort(reason);
    return new Promise<string>(() => {});
  };
  const dockerfile = step(baseImage, REQUIRED, "true");
  const building = build({ address, dockerfile, secrets: { token }, signal: controller.signal });
  await assert.rejects(building, (error) => error === reason);
  assert.equal(seen, reason);
});

Deno.test("build() refuses secrets before anything is sent", async () => {
  const options = { address: "tcp://127.0.0.1:1", dockerfile: "FROM scratch\n" };
  const refused: [BuildOptions["secrets"], RegExp][] = [
    [{ a: { file: "/nowhere/a" } }, /^Invalid secrets\.a: there is no "\/nowhere\/a"$/],
    [{ a: { env: "MOAT_UNSET" } }, /^Invalid secrets\.a: the variable MOAT_UNSET is not set/],
    [{ "": "x" }, /^Invalid secrets: an id is empty/],
  ];
  for (const [secrets, message] of refused) {
    await assert.rejects(build({ ...options, secrets: secrets! }), (error: unknown) => {
      assert(error instanceof OptionError);
      assert.match(error.message, message);
      return true;
    });
  }
});

/** Everything that the daemon has on record of a build, as one text. */
async function everythingKept(client: BuildKitClient, ref: string): Promise<string> {
  const record = await findRecord(client, ref, {});
  assert(record !== undefined);
  const texts = [new TextDecoder("latin1").decode(BuildHistoryRecord.encode(record))];
  for (const blob of [record.logs, record.trace, record.externalError]) {
    if (!blob?.digest) continue;
    texts.push(new TextDecoder("latin1").decode(await readBlob(client, blob.digest, {})));
  }
  return texts.join("\n");
}

for (const fails of [false, true]) {
  daemonTest(
    `build() that ${fails ? "fails" : "succeeds"} tells no secret to anyone`,
    async (environment) => {
      const { address, baseImage } = environment;
      await using folder = tempFolder();
      const canary = () => `canary-${crypto.randomUUID()}`;
      const values = {
        text: canary(),
        bytes: canary(),
        file: canary(),
        env: canary(),
        made: canary(),
      };
      const file = join(folder.path, "secret");
      writeFileSync(file, values.file);
      Deno.env.set("MOAT_CANARY", values.env);
      const report = join(folder.path, "report.html");
      const mounts = Object.keys(values).map((id) => `--mount=type=secret,id=${id}`).join(" ");
      const lines: string[] = [];
      const log = (line: string) => void lines.push(line);
      const building = build({
        address,
        dockerfile: step(
          baseImage,
          mounts,
          `cat /run/secrets/* | wc -c && ${fails ? "exit 9" : "true"}`,
        ),
        secrets: {
          ...{ text: values.text, bytes: new TextEncoder().encode(values.bytes), file: { file } },
          ...{ env: { env: "MOAT_CANARY" }, made: () => values.made },
        },
        report,
        logger: { debug: log, warn: log },
      });
      try {
        for await (const event of building) {
          lines.push(inspect(event));
          if (event.type === "log") lines.push(new TextDecoder().decode(event.data));
        }
        lines.push(inspect(await building));
        assert(!fails);
      } catch (error) {
        if (!fails) throw error;
        lines.push(inspect(error), JSON.stringify(error), String((error as Error).stack));
      } finally {
        Deno.env.delete("MOAT_CANARY");
      }
      await using client = connect(address);
      const kept = await everythingKept(client, building.ref);
      // The step has read them all, and the record is the build's.
      assert(lines.join("\n").includes(String(Object.values(values).join("").length)));
      assert(kept.includes("/run/secrets/"));
      const all = [...lines, readFileSync(report, "utf8"), kept].join("\n");
      for (const [id, value] of Object.entries(values)) {
        assert(!all.includes(value), `${id} leaked`);
      }
    },
  );
}

daemonTest("build() gives git's login when BuildKit asks for it", async ({ address }) => {
  const seen = new Set<string | undefined>();
  const server = createServer((request, response) => {
    seen.add(request.headers.authorization);
    response.writeHead(403).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const context = `http://127.0.0.1:${(server.address() as AddressInfo).port}/app.git`;
  const building = build({ address, context, secrets: { GIT_AUTH_TOKEN: "canary-token" } });
  await assert.rejects(building, (error: unknown) => {
    assert(error instanceof BuildError);
    assert.doesNotMatch(inspect(error), /canary/);
    return true;
  });
  const login = btoa("x-access-token:canary-token");
  assert.deepEqual([...seen].map((header) => header?.toLowerCase()), [
    `basic ${login}`.toLowerCase(),
  ]);
  await new Promise((resolve) => server.close(resolve));
});

/** Everything of a value that can be seen. */
function inspect(value: unknown): string {
  return Deno.inspect(value, {
    depth: 20,
    iterableLimit: 10_000,
    strAbbreviateSize: 1e6,
    showHidden: true,
  });
}

daemonTest("moat-build build --secret hands over files and variables", async (environment) => {
  const { address, baseImage } = environment;
  await using folder = tempFolder();
  const at = (name: string) => join(folder.path, name);
  writeFileSync(at("token"), "x");
  const mounts = `${REQUIRED} --mount=type=secret,id=PATH,required=true`;
  writeFileSync(at("Dockerfile"), step(baseImage, mounts, "true"));
  const argv = ["build", "--addr", address, "--progress", "none", folder.path];
  const io = fakeIo({ env: { PATH: "x" } });
  const secrets = ["--secret", `id=token,src=${at("token")}`, "--secret", "id=PATH"];
  assert.equal(await main([...argv, ...secrets], io), 0, io.err());
  const failing = fakeIo();
  assert.equal(await main([...argv, "--secret", "id=token,src=/nowhere/x"], failing), 2);
  assert.match(failing.err(), /^error: invalid --secret token: there is no "\/nowhere\/x"/);
});
