import assert from "node:assert/strict";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "../../src/build.ts";
import { BuildError } from "../../src/build_error.ts";
import { CredentialsError } from "../../src/errors.ts";
import type { AuthOption, BuildOptions, BuildResult } from "../../src/types.ts";
import { makeCertificates } from "../support/certificates.ts";
import { daemonTest, type TestEnvironment } from "../support/env.ts";
import { type Finished, run } from "../support/process.ts";
import { type Registry, REGISTRY_LOGIN, startRegistry } from "../support/registry.ts";
import { tempFolder } from "../support/temp_folder.ts";
import {
  REFRESH_TOKEN,
  startTokenServer,
  type TokenServer,
  type TokenServerOptions,
} from "../support/token_server.ts";

/** A registry that wants tokens, and who gives them. */
interface Setup extends AsyncDisposable {
  readonly environment: TestEnvironment;
  readonly tokens: TokenServer;
  readonly registry: Registry;
  readonly ca: string;
  readonly folder: string;
}

async function start(
  environment: TestEnvironment,
  options: Omit<TokenServerOptions, "certificates"> = {},
): Promise<Setup> {
  await using stack = new AsyncDisposableStack();
  const { path: folder } = stack.use(tempFolder());
  const certificates = await makeCertificates(environment.tools, folder);
  const tokens = stack.use(await startTokenServer({ ...options, certificates }));
  const { tools } = environment;
  const registry = stack.use(await startRegistry({ tools, token: tokens.token }));
  const owned = stack.move();
  const dispose = () => owned.disposeAsync();
  const { ca } = certificates;
  return { environment, tokens, registry, ca, folder, [Symbol.asyncDispose]: dispose };
}

function push(
  { environment, registry }: Setup,
  options: BuildOptions = {},
): Promise<BuildResult> {
  const name = `${registry.host}/app:1`;
  return build({
    address: environment.address,
    context: { "a.txt": name },
    dockerfile: "FROM scratch\nCOPY a.txt /\n",
    output: { type: "image", names: [name], push: true, insecure: true, attrs: { store: "false" } },
    ...options,
  });
}

function pull(
  { environment, registry }: Setup,
  options: BuildOptions = {},
): Promise<BuildResult> {
  const { address } = environment;
  const dockerfile = `FROM ${registry.host}/app:1\n`;
  return build({ address, context: {}, dockerfile, noCache: true, ...options });
}

/** The same pull by buildctl, with this config.json. */
async function pullWithBuildctl(setup: Setup, config: unknown): Promise<Finished> {
  await using folder = tempFolder();
  writeFileSync(join(folder.path, "Dockerfile"), `FROM ${setup.registry.host}/app:1\n`);
  writeFileSync(join(folder.path, "config.json"), JSON.stringify(config));
  const { tools, address } = setup.environment;
  const local = ["context", "dockerfile"].flatMap((name) => ["--local", `${name}=${folder.path}`]);
  const args = ["--addr", address, "build", "--frontend", "dockerfile.v0", "--no-cache", ...local];
  return await run(tools.buildctl, args, { env: { DOCKER_CONFIG: folder.path } });
}

/** Sets environment variables as long as `use` runs. */
async function withVariables(
  variables: Record<string, string>,
  use: () => Promise<void>,
): Promise<void> {
  const before = Object.keys(variables).map((name) => [name, Deno.env.get(name)] as const);
  for (const [name, value] of Object.entries(variables)) Deno.env.set(name, value);
  try {
    await use();
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) Deno.env.delete(name);
      else Deno.env.set(name, value);
    }
  }
}

const login = ({ registry }: Setup): AuthOption => ({ [registry.host]: REGISTRY_LOGIN });

daemonTest("build() pushes with a token that it fetched itself", async (environment) => {
  await using setup = await start(environment);
  await push(setup, { auth: login(setup) });
  const [call] = setup.tokens.calls;
  assert.equal(call?.method, "POST");
  assert.equal(call.fields.get("grant_type"), "password");
  assert.equal(call.fields.get("client_id"), "buildkit-client");
  assert.equal(call.service, setup.tokens.token.service);
  assert.deepEqual(call.login, REGISTRY_LOGIN);
  assert.deepEqual(call.scopes, ["repository:app:pull,push"]);
});

daemonTest("build() pulls with a refresh token", async (environment) => {
  await using setup = await start(environment);
  await push(setup, { auth: login(setup) });
  const token = { username: "", password: REFRESH_TOKEN };
  await pull(setup, { auth: { [setup.registry.host]: token } });
  const call = setup.tokens.calls.at(-1);
  assert.equal(call?.fields.get("grant_type"), "refresh_token");
  assert.equal(call.fields.get("refresh_token"), REFRESH_TOKEN);
});

daemonTest("build() pulls with an anonymous token, as buildctl does", async (environment) => {
  await using setup = await start(environment);
  await push(setup, { auth: login(setup) });
  const { calls } = setup.tokens;
  await pull(setup);
  const [ours] = calls.slice(-1);
  assert.equal(ours?.login, undefined);
  assert.equal(ours?.method, "GET");
  const before = calls.length;
  const { code, stderr } = await pullWithBuildctl(setup, {});
  assert.equal(code, 0, stderr);
  // Those who are nobody have one key: the daemon gives buildctl the token that it has.
  assert.equal(calls.length, before);
});

daemonTest("build() is not given tokens of another login", async (environment) => {
  await using setup = await start(environment);
  await push(setup, { auth: login(setup) });
  const { calls } = setup.tokens;
  await pull(setup, { auth: login(setup) });
  const before = calls.length;
  await pull(setup, { auth: login(setup) });
  assert.equal(calls.length, before, "the same login asks for no new token");
  const other = { username: "", password: REFRESH_TOKEN };
  await pull(setup, { auth: { [setup.registry.host]: other } });
  assert.equal(calls.length, before + 1);
});

daemonTest("build() fetches a new token when one has expired", async (environment) => {
  await using setup = await start(environment, { expiresIn: 2 });
  const given: string[] = [];
  const auth: AuthOption = ({ host, scopes }) => {
    given.push(`${host} ${scopes.join(" ")}`.trim());
    return REGISTRY_LOGIN;
  };
  await push(setup, { auth });
  const { calls } = setup.tokens;
  await pull(setup, { auth });
  const before = calls.length;
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  await pull(setup, { auth });
  assert(calls.length > before);
  assert.deepEqual(calls.at(-1)?.scopes, ["repository:app:pull"]);
  const { host } = setup.registry;
  assert.deepEqual([...new Set(given)].sort(), [
    host,
    `${host} repository:app:pull`,
    `${host} repository:app:pull,push`,
  ]);
});

daemonTest(
  "build() shares config.json's tokens with buildctl, by one seed",
  async (environment) => {
    await using setup = await start(environment);
    await push(setup, { auth: login(setup) });
    const { username, password } = REGISTRY_LOGIN;
    const { host } = setup.registry;
    const config = { auths: { [host]: { auth: btoa(`${username}:${password}`) } } };
    writeFileSync(join(setup.folder, "config.json"), JSON.stringify(config));
    await withVariables({ DOCKER_CONFIG: setup.folder }, () => pull(setup).then(() => {}));
    const path = join(setup.folder, ".token_seed");
    assert.equal(statSync(path).mode & 0o777, 0o600);
    const seeds = JSON.parse(readFileSync(path, "utf8"));
    assert.deepEqual(Object.keys(seeds), [host]);
    const before = setup.tokens.calls.length;
    const { tools, address } = environment;
    writeFileSync(join(setup.folder, "Dockerfile"), `FROM ${host}/app:1\n`);
    const local = ["context", "dockerfile"].flatMap((
      name,
    ) => ["--local", `${name}=${setup.folder}`]);
    const args = [
      "--addr",
      address,
      "build",
      "--frontend",
      "dockerfile.v0",
      "--no-cache",
      ...local,
    ];
    const { code, stderr } = await run(tools.buildctl, args, {
      env: { DOCKER_CONFIG: setup.folder },
    });
    assert.equal(code, 0, stderr);
    assert.equal(setup.tokens.calls.length, before);
    assert.deepEqual(JSON.parse(readFileSync(path, "utf8")), seeds);
  },
);

daemonTest("build() says of a wrong password what buildctl says", async (environment) => {
  await using setup = await start(environment);
  const { host } = setup.registry;
  const wrong = { username: "moat", password: "wr0ng" };
  const error = await pull(setup, { auth: { [host]: wrong } }).then(() => undefined, (e) => e);
  assert(error instanceof BuildError, String(error));
  assert.equal(error.code, "REGISTRY_DENIED");
  assert.match(error.message, /does not accept the login/);
  assert.match(error.originalMessage, /token answered 401 Unauthorized: incorrect username or/);
  assert(!Deno.inspect(error).includes("wr0ng"));
  const config = { auths: { [host]: { auth: btoa("moat:wr0ng") } } };
  const { stderr } = await pullWithBuildctl(setup, config);
  assert.match(stderr, /failed to authorize: .*401 Unauthorized/);
  assert.deepEqual(
    setup.tokens.calls.map(({ method }) => method),
    ["POST", "GET", "POST", "GET"],
  );
});

daemonTest(
  "build() has the builder fetch tokens with BUILDKIT_NO_CLIENT_TOKEN",
  async (environment) => {
    await using setup = await start(environment);
    await withVariables({ BUILDKIT_NO_CLIENT_TOKEN: "1" }, async () => {
      await push(setup, { auth: login(setup) });
    });
    // The daemon begins with GET.
    assert.equal(setup.tokens.calls[0]?.method, "GET");
    assert.deepEqual(setup.tokens.calls[0]?.login, REGISTRY_LOGIN);
  },
);

daemonTest(
  "build() names a token service that it can't trust, and trusts it by the machine or registryTls",
  async (environment) => {
    await using setup = await start(environment, { tls: true });
    const auth = login(setup);
    await assert.rejects(push(setup, { auth }), (error: unknown) => {
      assert(error instanceof CredentialsError, String(error));
      assert.match(error.message, /^Cannot ask https:\/\/127\.0\.0\.1:\d+\/token for a token for /);
      return true;
    });
    assert.equal(setup.tokens.calls.length, 0);
    await push(setup, { auth, registryTls: { [setup.registry.host]: { ca: setup.ca } } });
    await pull(setup, { auth, registryTls: { [setup.registry.host]: { insecure: true } } });
  },
);

daemonTest(
  "build() needs no permission for the token service, and keeps the password with it",
  async (environment) => {
    await using setup = await start(environment);
    const { registry, tokens, folder } = setup;
    const { tcpAddress: address } = environment;
    const name = `${registry.host}/app:1`;
    const script = join(folder, "push.ts");
    const options = {
      ...{ address, context: {}, dockerfile: "FROM scratch\nLABEL a=b\n", auth: login(setup) },
      output: { type: "image", names: [name], push: true, insecure: true },
    };
    writeFileSync(
      script,
      `import { build } from ${JSON.stringify(import.meta.resolve("../../mod.ts"))};
     await build(${JSON.stringify(options)});`,
    );
    const config = fileURLToPath(import.meta.resolve("../../deno.json"));
    const push = async (...hosts: string[]) => {
      const net = `--allow-net=${[address.slice("tcp://".length), ...hosts].join(",")}`;
      const args = ["run", "--no-prompt", "--no-check", "--config", config, net, script];
      const { code, stderr } = await run(Deno.execPath(), args);
      assert.equal(code, 0, stderr);
    };
    await push();
    assert.equal(tokens.calls.at(-1)?.method, "GET", "the builder has asked, with the login");
    await push(registry.host, new URL(tokens.origin).host);
    assert.equal(tokens.calls.at(-1)?.method, "POST", "this side has asked");
  },
);

daemonTest("build() uses a registry token of config.json as it is", async (environment) => {
  await using setup = await start(environment);
  const { host } = setup.registry;
  const config = { auths: { [host]: { registrytoken: "t0ken" } } };
  writeFileSync(join(setup.folder, "config.json"), JSON.stringify(config));
  await withVariables({ DOCKER_CONFIG: setup.folder }, async () => {
    const error = await pull(setup).then(() => undefined, (e) => e);
    assert(error instanceof BuildError, String(error));
    assert.equal(error.code, "REGISTRY_DENIED");
    assert(!Deno.inspect(error).includes("t0ken"));
  });
  assert.equal(setup.tokens.calls.length, 0);
});
