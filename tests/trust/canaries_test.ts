import assert from "node:assert/strict";
import { chmodSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "../../src/build.ts";
import { eventToJson } from "../../src/progress/json.ts";
import { toRawJson } from "../../src/progress/rawjson.ts";
import type { BuildOptions } from "../../src/types.ts";
import { daemonTest, type TestEnvironment } from "../support/env.ts";
import { REGISTRY_LOGIN, startRegistry } from "../support/registry.ts";
import { pipeBoth, relayTcp, type TcpRelay } from "../support/relay.ts";
import { makeKey } from "../support/ssh_agent.ts";
import { type TempFolder, tempFolder } from "../support/temp_folder.ts";

const CLI = fileURLToPath(new URL("../../cli.ts", import.meta.url));
const LETTERS = "GHJKLMNPQRSTUVWXYZ";

/** What is found nowhere by chance. */
function canary(): string {
  const random = crypto.getRandomValues(new Uint8Array(40));
  return Array.from(random, (byte) => LETTERS[byte % LETTERS.length]).join("");
}

/** Prints a secret whole, by letters with waits, in base64, to the other output, and last without a line's end. */
function prints(id: string): string {
  const all = [
    'echo "it is $s"',
    'echo "$s" | fold -w 1 | while read -r c; do printf %s "$c"; done; echo',
    'printf "user:%s" "$s" | base64 -w 0; echo; printf %s "$s" | base64',
    'echo "$s" >&2',
    'printf "%s" "$s"',
  ];
  return `s=$(cat /run/secrets/${id}); ${all.join("; ")}`;
}

function dockerfile(baseImage: string, ids: readonly string[], end: string): string {
  const mounts = ids.map((id) => `--mount=type=secret,id=${id}`).join(" ");
  const commands = [`: ${crypto.randomUUID()}`, ...ids.map(prints), end];
  return `FROM ${baseImage}\nRUN --mount=type=ssh ${mounts} ${commands.join("; ")}\n`;
}

/** Any ten characters in a row of one, or of its base64, are a leak. */
function leaks(text: string, canaries: Readonly<Record<string, string>>): string[] {
  return Object.entries(canaries).filter(([, value]) =>
    [value, btoa(value)].some((form) => pieces(form).some((piece) => text.includes(piece)))
  ).map(([name]) => name);
}

function pieces(form: string): string[] {
  return Array.from({ length: Math.max(1, form.length - 12) }, (_, i) => form.slice(i, i + 10));
}

/** A proxy that keeps what is sent to the daemon. */
async function recorder(target: string): Promise<TcpRelay & { sent(): string }> {
  const chunks: Uint8Array[] = [];
  const relaying = await relayTcp(target, (client, daemon) => {
    client.on("data", (chunk: Uint8Array) => void chunks.push(chunk));
    pipeBoth(client, daemon);
  });
  const sent = () => chunks.map((chunk) => new TextDecoder("latin1").decode(chunk)).join("");
  return { ...relaying, sent };
}

function count(text: string, value: string): number {
  return text.split(value).length - 1;
}

interface Planted extends AsyncDisposable {
  readonly folder: TempFolder;
  readonly at: (name: string) => string;
  /** The middle of the key's own lines. */
  readonly key: string;
}

/** A key, and a credential helper that notes how it was called. */
async function plant(): Promise<Planted> {
  const folder = tempFolder();
  const at = (name: string) => join(folder.path, name);
  const pem = readFileSync(await makeKey(folder.path, "key"), "latin1");
  const login = JSON.stringify({
    Username: REGISTRY_LOGIN.username,
    Secret: REGISTRY_LOGIN.password,
  });
  const script = `tr '\\0' ' ' </proc/$$/cmdline >>${at("calls")}; cat >/dev/null; echo '${login}'`;
  writeFileSync(at("docker-credential-canary"), `#!/bin/sh\n${script}\n`);
  chmodSync(at("docker-credential-canary"), 0o755);
  const dispose = () => folder[Symbol.asyncDispose]();
  return { folder, at, key: pem.split("\n")[2]!, [Symbol.asyncDispose]: dispose };
}

for (const end of ["true", "exit 9"]) {
  daemonTest(
    `build() that ends with "${end}" says no secret, although its steps do`,
    async (environment) => {
      await using planted = await plant();
      await using proxy = await recorder(environment.tcpAddress);
      const canaries = { text: canary(), file: canary(), made: canary(), unused: canary() };
      const { at } = planted;
      writeFileSync(at("file"), `${canaries.file}\n`);
      const cloud = { access: canary(), secret: canary(), password: canary() };
      const told: string[] = [];
      const log = (line: string) => void told.push(line);
      const options: BuildOptions = {
        address: proxy.address,
        dockerfile: dockerfile(environment.baseImage, ["text", "file", "made"], end),
        secrets: {
          ...{ text: canaries.text, unused: canaries.unused },
          ...{ file: { file: at("file") }, made: () => canaries.made },
        },
        ssh: { default: { keys: [at("key")] } },
        auth: () => Promise.resolve({ username: "u", password: cloud.password }),
        cacheFrom: [{
          type: "s3",
          attrs: {
            ...{ region: "r", bucket: "b", endpoint_url: "http://127.0.0.1:9" },
            ...{ access_key_id: cloud.access, secret_access_key: cloud.secret },
          },
        }],
        report: at("report.html"),
        logger: { debug: log, warn: log },
        metadataProvenance: "max",
      };
      await collect(options, told, end !== "true");
      told.push(readFileSync(at("report.html"), "utf8"));
      const text = told.join("\n");
      assert.ok(text.includes("it is ***"), text);
      assert.deepEqual(leaks(text, { ...canaries, ...cloud, key: planted.key }), []);
      // To the builder goes what was asked for, once, and nothing else.
      const sent = proxy.sent();
      const counts = Object.entries(canaries).map(([name, value]) => [name, count(sent, value)]);
      assert.deepEqual(Object.fromEntries(counts), { text: 1, file: 1, made: 1, unused: 0 });
      assert.deepEqual(leaks(sent, { key: planted.key }), []);
    },
  );
}

/** All that a program can have of a build, as texts. */
async function collect(options: BuildOptions, told: string[], fails: boolean): Promise<void> {
  const building = build(options);
  const statuses = (async () => {
    for await (const status of building.statuses()) {
      const logs = status.logs.map(({ msg }) => new TextDecoder().decode(msg));
      told.push(toRawJson(status), logs.join(""));
    }
  })();
  const events = (async () => {
    for await (const event of building.events()) told.push(eventToJson(event));
  })();
  const [result] = await Promise.allSettled([building, statuses, events]);
  assert.equal(result.status, fails ? "rejected" : "fulfilled");
  const end = result.status === "rejected" ? result.reason as Error : result.value;
  told.push(Deno.inspect(end, { depth: 20, strAbbreviateSize: 1e6, showHidden: true }));
  told.push(JSON.stringify(end), String((end as Error).stack));
}

daemonTest("the command says no secret, whatever shows the progress", async (environment) => {
  await using planted = await plant();
  await using registry = await startRegistry({ tools: environment.tools, auth: true });
  const canaries = { file: canary(), env: canary(), token: canary() };
  const { at } = planted;
  writeFileSync(at("file"), canaries.file);
  writeFileSync(at("config.json"), JSON.stringify({ credHelpers: { [registry.host]: "canary" } }));
  const texts = await Promise.all(
    ["plain", "json", "rawjson", "tty"].map(async (mode, i) => {
      const context = tempFolder(planted.folder.path);
      const end = i % 2 === 0 ? "true" : "exit 9";
      const lines = dockerfile(environment.baseImage, ["file", "env"], end);
      writeFileSync(join(context.path, "Dockerfile"), lines);
      return await command(environment, planted, [
        ...["--progress", mode, "--secret", `id=file,src=${at("file")}`],
        ...["--secret", "id=env,env=CANARY", "--secret", "id=GIT_AUTH_TOKEN,env=CANARY_TOKEN"],
        ...["--ssh", `default=${at("key")}`, "--report", at(`${mode}.html`)],
        ...["--metadata-file", at(`${mode}.json`)],
        ...["-o", `type=image,name=${registry.host}/${mode}:1,push=true,registry.insecure=true`],
        context.path,
      ], { CANARY: canaries.env, CANARY_TOKEN: canaries.token });
    }),
  );
  const written = readdirSync(planted.folder.path).filter((name) =>
    /html$|json$|calls$/.test(name)
  );
  assert.ok(written.includes("calls") && written.includes("plain.json"), written.join());
  const text = [...texts, ...written.map((name) => readFileSync(at(name), "utf8"))].join("\n");
  assert.ok(text.includes("it is ***"), text);
  const { password } = REGISTRY_LOGIN;
  assert.deepEqual(leaks(text, { ...canaries, password, key: planted.key }), []);
});

/** Runs it; what it printed, and how it stood in the list of processes. */
async function command(
  { tcpAddress }: TestEnvironment,
  { folder }: Planted,
  args: readonly string[],
  variables: Record<string, string>,
): Promise<string> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-all", "--no-check", CLI, "build", "--addr", tcpAddress, ...args],
    env: {
      ...{ DOCKER_CONFIG: folder.path, PATH: `${folder.path}:${Deno.env.get("PATH")}` },
      ...{ MOAT_DEBUG: "1", ...variables },
    },
    ...{ stdin: "null", stdout: "piped", stderr: "piped" },
  }).spawn();
  const line = readFileSync(`/proc/${child.pid}/cmdline`, "utf8");
  const { stdout, stderr } = await child.output();
  return [line, ...[stdout, stderr].map((bytes) => new TextDecoder().decode(bytes))].join("\n");
}
