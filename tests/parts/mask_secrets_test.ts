import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "../../src/build.ts";
import { BuildError } from "../../src/build_error.ts";
import { main } from "../../src/cli/main.ts";
import type { BuildOptions } from "../../src/types.ts";
import { fakeIo } from "../cli/fake_io.ts";
import { daemonTest } from "../support/env.ts";
import { tempFolder } from "../support/temp_folder.ts";

const SECRET = "canary-7Q+x/9 \u00fc$(true)";
const LINES = "first-line-of-it\nsecond line of it\n{\nlast\n";

/** Prints them whole, in pieces, in base64, on both outputs, and as the last thing without a line's end. */
const PRINT = [
  "s=$(cat /run/secrets/token)",
  'echo "whole $s"',
  'printf %s "$s" | while IFS= read -r -n 1 c; do printf %s "$c"; sleep 0.01; done; echo " in pieces"',
  'printf %s "user:$s" | base64',
  'echo "whole $s" >&2',
  "cat /run/secrets/lines",
  'printf "end %s" "$s"',
].join("; ");

/** A step that no build has done before. */
function step(baseImage: string, command: string): string {
  const mounts = ["token", "lines"].map((id) => `--mount=type=secret,id=${id}`).join(" ");
  return `FROM ${baseImage}\nRUN ${mounts} : ${crypto.randomUUID()}; ${command}\n`;
}

/** All that a build's steps print. */
async function printed(options: BuildOptions): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const event of build(options)) if (event.type === "log") chunks.push(event.data);
  return await new Blob(chunks as BlobPart[]).text();
}

daemonTest("build() masks secrets that steps print", async ({ address, baseImage }) => {
  const secrets = { token: () => SECRET, lines: LINES };
  const text = await printed({ address, dockerfile: step(baseImage, PRINT), secrets });
  for (const line of ["whole ***\n", "*** in pieces\n", "end ***"]) {
    assert.ok(text.includes(line), text);
  }
  for (const part of ["canary", "Q+x", "true)", "first-line", "second line", btoa("canary")]) {
    assert.ok(!text.includes(part), text);
  }
});

daemonTest("build() shows secrets where it is asked to", async ({ address, baseImage }) => {
  const secrets = { token: SECRET, lines: LINES };
  const dockerfile = step(baseImage, PRINT);
  const text = await printed({ address, dockerfile, secrets, maskSecrets: false });
  assert.ok(text.includes(`whole ${SECRET}\n`), text);
  assert.ok(text.includes(LINES), text);
});

daemonTest("build() masks secrets in the error of a step that fails", async (environment) => {
  const { address, baseImage } = environment;
  const secrets = { token: SECRET };
  const dockerfile = step(baseImage, 'printf "with %s" "$(cat /run/secrets/token)"; exit 7');
  await assert.rejects(build({ address, dockerfile, secrets }), (error: unknown) => {
    assert(error instanceof BuildError);
    assert.deepEqual(error.log, ["with ***"]);
    return true;
  });
});

daemonTest(
  "build() masks what a step prints that another build does for it",
  async (environment) => {
    const { address, baseImage } = environment;
    await using folder = tempFolder();
    const file = join(folder.path, "token");
    writeFileSync(file, `${SECRET}\n`);
    const dockerfile = step(baseImage, `sleep 0.3; ${PRINT}`);
    const sources: NonNullable<BuildOptions["secrets"]>[] = [{ token: { file } }, {
      token: () => SECRET,
    }];
    const texts = await Promise.all(
      sources.map((secrets) => printed({ address, dockerfile, secrets })),
    );
    for (const text of texts) {
      assert.ok(text.includes("whole ***\n"), text);
      assert.ok(!text.includes("canary"), text);
    }
  },
);

daemonTest("build() leaves other output byte for byte", async ({ address, baseImage }) => {
  const print = "head -c 3000 /dev/zero | tr '\\0' c; head -c 20000 /bin/busybox >&2";
  const dockerfile = step(baseImage, print);
  const secrets = { token: SECRET, lines: "cccd" };
  const outputs = async (options: BuildOptions): Promise<Uint8Array[]> => {
    const chunks: Uint8Array<ArrayBuffer>[][] = [[], []];
    for await (const event of build({ address, dockerfile, secrets, noCache: true, ...options })) {
      if (event.type === "log") chunks[event.stream - 1]!.push(Uint8Array.from(event.data));
    }
    return await Promise.all(chunks.map((all) => new Blob(all).bytes()));
  };
  const [stdout, stderr] = await outputs({});
  assert.deepEqual([stdout!.length, stderr!.length], [3000, 20000]);
  assert.deepEqual([stdout, stderr], await outputs({ maskSecrets: false }));
});

daemonTest(
  "the command masks secrets in every mode, unless --show-secrets",
  async (environment) => {
    const { address, baseImage } = environment;
    await using folder = tempFolder();
    const file = join(folder.path, "token");
    writeFileSync(file, SECRET);
    writeFileSync(join(folder.path, "Dockerfile"), step(baseImage, PRINT));
    const args = ["--addr", address, "--secret", `id=token,src=${file}`, "--no-cache"];
    for (const mode of ["plain", "json", "rawjson", "tty"]) {
      const io = fakeIo();
      await main(["build", ...args, "--progress", mode, folder.path], io);
      const text = io.out() + io.err();
      for (const part of ["canary", btoa("canary-7"), btoa("whole canary")]) {
        assert.ok(!text.includes(part), text);
      }
    }
    const io = fakeIo();
    await main(["build", ...args, "--progress", "plain", "--show-secrets", folder.path], io);
    assert.ok((io.out() + io.err()).includes(`whole ${SECRET}`), io.err());
  },
);
