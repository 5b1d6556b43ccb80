/** The option `ssh` against a real builder, ssh-agent, sshd and git. */
import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { build } from "../../src/build.ts";
import { BuildError } from "../../src/build_error.ts";
import { main } from "../../src/cli/main.ts";
import { OptionError } from "../../src/errors.ts";
import type { BuildOptions, SshSource } from "../../src/types.ts";
import { readFiles } from "../build/support.ts";
import { fakeIo } from "../cli/fake_io.ts";
import { Buildctl } from "../support/buildctl.ts";
import { daemonTest, type TestEnvironment } from "../support/env.ts";
import { commitAll } from "../support/git_repository.ts";
import { runOk } from "../support/process.ts";
import { makeKey, startSshAgent } from "../support/ssh_agent.ts";
import { pushSshImage } from "../support/ssh_image.ts";
import { startSshServer } from "../support/ssh_server.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { find } from "../support/tools.ts";

const MOUNT = "--mount=type=ssh,required=true";

/** Builds on one image for all tests. */
let image: Promise<string> | undefined;

/** Registers a test that needs OpenSSH's programs besides the builder. */
function sshTest(
  name: string,
  test: (environment: TestEnvironment & { image: string }) => Promise<void>,
): void {
  if (["ssh", "ssh-agent", "ssh-keygen", "sshd", "git"].some((program) => !find(program))) {
    Deno.test({ name, ignore: true, fn: () => {} });
    return;
  }
  daemonTest(name, async (environment) => {
    await test({ ...environment, image: await (image ??= pushSshImage(environment)) });
  });
}

/** A Dockerfile whose result is what the commands print, or leave in /out. */
function prints(image: string, mount: string, ...commands: string[]): string {
  const script = commands.map((command) => `  ${command}\n`).join("");
  return `FROM ${image} AS run\nRUN ${mount} <<END\n  : ${crypto.randomUUID()}\n  mkdir /out\n  exec >/out/log 2>&1\n${script}  true\nEND\n` +
    "FROM scratch\nCOPY --from=run /out /\n";
}

/** What the commands left. */
async function ran(
  { address, image }: TestEnvironment & { image: string },
  ssh: NonNullable<BuildOptions["ssh"]>,
  ...commands: string[]
): Promise<Record<string, string>> {
  await using out = tempFolder();
  const dockerfile = prints(image, MOUNT, ...commands);
  await build({ address, dockerfile, ssh, output: { type: "local", dest: out.path } });
  return readFiles(out.path);
}

/** Logs in where the tests' sshd listens, by what SSH_AUTH_SOCK offers. */
function login(port: number, options = ""): string {
  return "ssh -F none -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null " +
    `-o LogLevel=ERROR ${options} -p ${port} root@127.0.0.1`;
}

/** What steps may try on an agent; `/k` is a key of the step's own. */
const ATTEMPTS = [
  "ssh-add -l",
  "ssh-keygen -q -t ed25519 -N '' -f /k",
  "ssh-add /k",
  "ssh-add -d /k",
  "ssh-add -D",
  "ssh-add -l",
  "echo signed >/data",
  "ssh-add -L >/pub",
  "ssh-keygen -q -Y sign -f /pub -n test /data && wc -l </data.sig",
];

sshTest(
  "build() gives an agent's keys and signatures, as buildctl does, and nothing else",
  async (environment) => {
    await using agent = await startSshAgent();
    await using folder = tempFolder();
    const key = await makeKey(folder.path, "the-key");
    await agent.add("-q", key);
    const { log } = await ran(environment, { default: { agent: agent.socket } }, ...ATTEMPTS);
    assert.match(log!, /^256 SHA256:\S+ the-key \(ED25519\)\n/);
    assert.match(log!, /Could not add identity "\/k"/);
    assert.match(log!, /Failed to remove all identities/);
    assert.match(log!, /\n\d+\n$/);

    const { address, tools, image } = environment;
    const at = (name: string) => join(folder.path, name);
    mkdirSync(at("context"));
    writeFileSync(at("context/Dockerfile"), prints(image, MOUNT, ...ATTEMPTS));
    const result = await new Buildctl(tools.buildctl, address).run(
      "build",
      ...["--frontend", "dockerfile.v0", "--output", `type=local,dest=${at("out")}`],
      ...["context", "dockerfile"].flatMap((name) => ["--local", `${name}=${at("context")}`]),
      ...["--ssh", `default=${agent.socket}`],
    );
    assert.equal(result.code, 0, result.stderr);
    assert.equal(log, readFileSync(at("out/log"), "utf8"));
    assert.match(await agent.add("-l"), /^256 SHA256:\S+ the-key \(ED25519\)\n$/);
  },
);

sshTest("build() logs in and clones with an agent", async (environment) => {
  await using agent = await startSshAgent();
  await using server = (await startSshServer())!;
  await using folder = tempFolder();
  const key = await makeKey(folder.path, "key");
  server.authorize(readFileSync(`${key}.pub`, "utf8"));
  await agent.add("-q", key);
  const repository = join(folder.path, "app.git");
  mkdirSync(repository);
  writeFileSync(join(repository, "big"), crypto.getRandomValues(new Uint8Array(60_000)));
  writeFileSync(join(repository, "file"), "from git");
  commitAll(repository);
  const before = Deno.env.get("SSH_AUTH_SOCK");
  Deno.env.set("SSH_AUTH_SOCK", agent.socket);
  try {
    const files = await ran(
      environment,
      true,
      `${login(server.port)} echo logged in`,
      `export GIT_SSH_COMMAND="${login(server.port).replace(/ root@\S+$/, "")}"`,
      `git clone -q root@127.0.0.1:${repository} /clone && cp /clone/file /out/`,
    );
    assert.equal(files.file, "from git", files.log!);
    assert.match(files.log!, /^logged in\n/);
  } finally {
    if (before === undefined) Deno.env.delete("SSH_AUTH_SOCK");
    else Deno.env.set("SSH_AUTH_SOCK", before);
  }
});

/** Kinds of keys, and how they are asked for. */
const KEYS: Readonly<Record<string, [make: string[], login?: string]>> = {
  ed25519: [["-t", "ed25519"]],
  rsa512: [["-t", "rsa", "-b", "2048"], "-o PubkeyAcceptedAlgorithms=rsa-sha2-512"],
  rsa256: [["-t", "rsa", "-b", "2048", "-m", "PEM"], "-o PubkeyAcceptedAlgorithms=rsa-sha2-256"],
  ecdsa256: [["-t", "ecdsa", "-b", "256", "-m", "PKCS8"]],
  ecdsa384: [["-t", "ecdsa", "-b", "384"]],
  ecdsa521: [["-t", "ecdsa", "-b", "521", "-m", "PEM", "-N", "secret"]],
  encrypted: [["-t", "ed25519", "-N", "secret"]],
};

sshTest(
  "build() logs in and signs with keys of every kind, without an agent",
  async (environment) => {
    await using server = (await startSshServer())!;
    await using folder = tempFolder();
    const paths: string[] = [];
    let allowed = "";
    for (const [name, [make]] of Object.entries(KEYS)) {
      const path = await makeKey(folder.path, name, ...make);
      const publicKey = readFileSync(`${path}.pub`, "utf8");
      server.authorize(publicKey);
      allowed += `me ${publicKey}`;
      paths.push(path);
    }
    const commands = Object.entries(KEYS).flatMap(([name, [, options = ""]], i) => [
      `ssh-add -L | sed -n ${i + 1}p >/${name}.pub`,
      `${
        login(server.port, `-o IdentitiesOnly=yes -i /${name}.pub ${options}`)
      } echo login ${name}`,
      `echo ${name} >/out/${name} && ssh-keygen -q -Y sign -f /${name}.pub -n test /out/${name}`,
    ]);
    // One as text, the others by path.
    const keys = [readFileSync(paths[0]!, "utf8"), ...paths.slice(1)];
    const asked: string[] = [];
    const passphrase = (key: string) => {
      asked.push(key);
      return "secret";
    };
    const files = await ran(environment, { default: { keys, passphrase } }, ...commands);
    assert.deepEqual(
      files.log!.split("\n").filter((line) => line.startsWith("login ")),
      Object.keys(KEYS).map((name) => `login ${name}`),
      files.log!,
    );
    assert.deepEqual(asked, paths.slice(-2));
    writeFileSync(join(folder.path, "allowed"), allowed);
    for (const name of Object.keys(KEYS)) {
      const file = join(folder.path, `${name}.sig`);
      writeFileSync(file, files[`${name}.sig`]!);
      const verify = `ssh-keygen -Y verify -f allowed -I me -n test -s ${name}.sig`;
      await runOk("sh", ["-c", `echo ${name} | ${verify}`], { cwd: folder.path });
    }
  },
);

sshTest("build() tells ids apart, and passes a raw socket on as it is", async (environment) => {
  await using agent = await startSshAgent();
  await using folder = tempFolder();
  const held = await makeKey(folder.path, "held");
  const served = await makeKey(folder.path, "served");
  await agent.add("-q", held);
  const ssh: Record<string, SshSource> = {
    agent: { agent: agent.socket },
    keys: { keys: [served] },
    raw: { socket: agent.socket, raw: true },
  };
  const mounts = Object.keys(ssh).map((id) => `--mount=type=ssh,id=${id},target=/${id},required`);
  const { address, image } = environment;
  await using out = tempFolder();
  const commands = [
    ...["agent", "keys", "raw"].map((id) => `SSH_AUTH_SOCK=/${id} ssh-add -l`),
    "SSH_AUTH_SOCK=/raw ssh-add -D",
    "SSH_AUTH_SOCK=/agent ssh-add -l",
  ];
  const dockerfile = prints(image, mounts.join(" "), ...commands);
  await build({ address, dockerfile, ssh, output: { type: "local", dest: out.path } });
  const { log } = readFiles(out.path);
  assert.deepEqual(
    log!.trimEnd().split("\n").map((line) => line.replace(/^256 SHA256:\S+ /, "")),
    [
      ...["held (ED25519)", "served (ED25519)", "held (ED25519)"],
      ...["All identities removed.", "The agent has no identities."],
    ],
  );
  assert.match(await agent.add("-l"), /no identities/);
});

sshTest("build() without an ssh id fails if the step requires it", async ({ address, image }) => {
  await using folder = tempFolder();
  const key = await makeKey(folder.path, "key");
  const ssh = { other: { keys: [key] } };
  const optional = prints(image, "--mount=type=ssh", "ssh-add -l || true");
  await build({ address, dockerfile: optional, ssh });
  const dockerfile = prints(image, MOUNT, "true");
  await assert.rejects(build({ address, dockerfile, ssh }), (error: unknown) => {
    assert(error instanceof BuildError);
    assert.equal(error.code, "SSH_MISSING");
    return true;
  });
});

sshTest("build() aborted while an agent thinks lets go of it", async ({ address, image }) => {
  await using folder = tempFolder();
  const path = join(folder.path, "agent.sock");
  const controller = new AbortController();
  const reason = new Error("my reason");
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.on("data", () => controller.abort(reason));
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  const dockerfile = prints(image, MOUNT, "ssh-add -l");
  const ssh = { default: { agent: path } };
  const building = build({ address, dockerfile, ssh, signal: controller.signal });
  await assert.rejects(building, (error) => error === reason);
  // It closes when the last connection has ended.
  await new Promise((resolve) => server.close(resolve));
});

sshTest("build() warns if an agent hangs up", async ({ address, image }) => {
  await using folder = tempFolder();
  const path = join(folder.path, "agent.sock");
  const server = createServer((socket) => void socket.on("data", () => socket.destroy()));
  await new Promise<void>((resolve) => server.listen(path, resolve));
  const lines: string[] = [];
  const logger = { warn: (line: string) => void lines.push(line) };
  const dockerfile = prints(image, MOUNT, "ssh-add -l || true");
  await build({ address, dockerfile, ssh: { default: { agent: path } }, logger });
  assert.deepEqual(lines, [`ssh default: the agent at ${path} closed the connection`]);
  await new Promise((resolve) => server.close(resolve));
});

sshTest("build() clones a context over ssh with the agent that there is", async ({ address }) => {
  await using agent = await startSshAgent();
  await using server = (await startSshServer())!;
  await using folder = tempFolder();
  const key = await makeKey(folder.path, "key");
  server.authorize(readFileSync(`${key}.pub`, "utf8"));
  await agent.add("-q", key);
  const repository = join(folder.path, "app.git");
  mkdirSync(repository);
  writeFileSync(join(repository, "Dockerfile"), "FROM scratch\nCOPY file /\n");
  writeFileSync(join(repository, "file"), crypto.randomUUID());
  commitAll(repository);
  const context = `ssh://root@127.0.0.1:${server.port}${repository}`;
  const before = Deno.env.get("SSH_AUTH_SOCK");
  try {
    Deno.env.delete("SSH_AUTH_SOCK");
    await assert.rejects(build({ address, context }), { name: "BuildError", code: "SSH_MISSING" });
    Deno.env.set("SSH_AUTH_SOCK", agent.socket);
    await build({ address, context });
  } finally {
    if (before === undefined) Deno.env.delete("SSH_AUTH_SOCK");
    else Deno.env.set("SSH_AUTH_SOCK", before);
  }
});

sshTest("moat-build build --ssh takes a socket or keys", async ({ address, image }) => {
  await using agent = await startSshAgent();
  await using folder = tempFolder();
  const key = await makeKey(folder.path, "key");
  const mounts = `${MOUNT} --mount=type=ssh,id=git,target=/git,required`;
  const dockerfile = prints(image, mounts, "ssh-add -l", "SSH_AUTH_SOCK=/git ssh-add -l");
  mkdirSync(join(folder.path, "context"));
  writeFileSync(join(folder.path, "context/Dockerfile"), dockerfile);
  const out = join(folder.path, "out");
  const io = fakeIo();
  const argv = ["build", "--addr", address, "--progress", "none", "-o", out];
  const ssh = ["--ssh", `default=${agent.socket}`, "--ssh", `git=${key}`];
  assert.equal(await main([...argv, ...ssh, join(folder.path, "context")], io), 0, io.err());
  assert.match(
    readFileSync(join(out, "log"), "utf8"),
    /^The agent has no identities\.\n256 \S+ key /,
  );
});

Deno.test("build() refuses ssh sources before anything is sent", async () => {
  await using folder = tempFolder();
  const at = (name: string) => join(folder.path, name);
  writeFileSync(at("text"), "hello");
  writeFileSync(at("large"), new Uint8Array(200_000));
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(at("stale"), resolve));
  // What a killed agent leaves behind.
  Deno.linkSync(at("stale"), at("left"));
  await new Promise((resolve) => server.close(resolve));
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const encryption = { cipher: "aes-256-cbc", passphrase: "secret" };
  const locked = privateKey.export({ type: "pkcs8", format: "pem", ...encryption });
  const withPassphrase = (passphrase?: unknown) => ({ a: { keys: [locked], passphrase } });
  const refused: [ssh: unknown, message: RegExp][] = [
    [{ a: { keys: [locked] } }, /can't use the key keys\[0\]: it is encrypted; add it to an agent/],
    [withPassphrase(() => "public"), /can't use the key keys\[0\]: the passphrase is wrong$/],
    [withPassphrase(() => 5), /the function for its passphrase returned no string$/],
    [
      withPassphrase(() => Promise.reject(new Error("hush"))),
      /its passphrase failed; the cause is/,
    ],
    ["default", /^Invalid ssh: 'default' is neither true nor sources by id/],
    [{ a: "x" }, /^Invalid ssh\.a: 'x' is no source/],
    [{ "a b": {} }, /^Invalid ssh: 'a b' is no id/],
    [{ a: { agent: at("none") } }, /^Invalid ssh\.a: there is no ".*none"$/],
    [
      { a: { agent: at("text") } },
      /^Invalid ssh\.a: ".*text" is no socket; private keys are named/,
    ],
    [{ a: { agent: at("left") } }, /^Invalid ssh\.a: no agent listens at ".*left" any more$/],
    [
      { a: { agnet: "x" } },
      /^Invalid ssh\.a\.agnet: there is no such option; did you mean agent\?/,
    ],
    [
      { a: { socket: at("left") } },
      /^Invalid ssh\.a: a socket that is no agent's needs raw: true$/,
    ],
    [{ a: { socket: at("text"), raw: true } }, /^Invalid ssh\.a: ".*text" is no socket/],
    [{ a: { keys: [] } }, /^Invalid ssh\.a: it names no key/],
    [{ a: { keys: [at("none")] } }, /^Invalid ssh\.a: there is no ".*none"$/],
    [
      { a: { keys: [at("text")] } },
      /^Invalid ssh\.a: can't use the key .*text: it is no private key$/,
    ],
    [{ a: { keys: [at("large")] } }, /it is too large to be a key$/],
    [
      { a: { keys: ["b3BlbnNzaC1r\nZXktdjEAAA"] } },
      /can't use the key keys\[0\]: it is no private key$/,
    ],
    [{ a: { keys: ["-----BEGIN X"] } }, /can't use the key keys\[0\]: it is no private key$/],
  ];
  const options = { address: "tcp://127.0.0.1:1", dockerfile: "FROM scratch\n" };
  for (const [ssh, message] of refused) {
    const building = build({ ...options, ssh: ssh as NonNullable<BuildOptions["ssh"]> });
    await assert.rejects(building, (error: unknown) => {
      assert(error instanceof OptionError);
      assert.match(error.message, message);
      return true;
    });
  }
});
