import assert from "node:assert/strict";
import { chmodSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { build } from "../../src/build.ts";
import { BuildError } from "../../src/build_error.ts";
import { CredentialsError } from "../../src/errors.ts";
import type { Credentials } from "../../src/registry/credentials.ts";
import type { BuildResult } from "../../src/types.ts";
import { startBuildkitd } from "../support/buildkitd.ts";
import { makeCertificates } from "../support/certificates.ts";
import { daemonTest, type TestEnvironment } from "../support/env.ts";
import { REGISTRY_LOGIN, startRegistry } from "../support/registry.ts";
import { tempFolder } from "../support/temp_folder.ts";

/** Pushes to a registry that asks for a login, and builds on what was pushed. */
async function pushAndPull(
  { address }: Pick<TestEnvironment, "address">,
  registry: string,
  auth: Record<string, Credentials> = {},
  insecure = true,
): Promise<BuildResult> {
  const name = `${registry}/${crypto.randomUUID()}:1`;
  await build({
    address,
    auth,
    context: { "a.txt": name },
    dockerfile: "FROM scratch\nCOPY a.txt /\n",
    output: { type: "image", names: [name], push: true, insecure, attrs: { store: "false" } },
  });
  return await build({
    address,
    auth,
    context: {},
    dockerfile: `FROM ${name}\n`,
    output: { type: "image", names: [`${name}-copy`], push: true, insecure },
  });
}

/** A DOCKER_CONFIG folder with this config.json and a helper on PATH, for as long as `use` runs. */
async function withDockerConfig(
  config: unknown,
  script: string,
  use: () => Promise<void>,
): Promise<void> {
  await using folder = tempFolder();
  writeFileSync(join(folder.path, "config.json"), JSON.stringify(config));
  const helper = join(folder.path, "docker-credential-test");
  writeFileSync(helper, `#!/bin/sh\n${script}\n`);
  chmodSync(helper, 0o755);
  const before = ["DOCKER_CONFIG", "PATH"].map((name) => [name, Deno.env.get(name)] as const);
  Deno.env.set("DOCKER_CONFIG", folder.path);
  Deno.env.set("PATH", `${folder.path}${delimiter}${Deno.env.get("PATH") ?? ""}`);
  try {
    await use();
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) Deno.env.delete(name);
      else Deno.env.set(name, value);
    }
  }
}

daemonTest("build() logs in to a registry with credentials given in code", async (environment) => {
  await using registry = await startRegistry({ tools: environment.tools, auth: true });
  const { digest } = await pushAndPull(environment, registry.host, {
    [registry.host]: REGISTRY_LOGIN,
  });
  assert.match(digest ?? "", /^sha256:/);
});

daemonTest("build() logs in to a registry that speaks TLS", async ({ tools }) => {
  await using folder = tempFolder();
  const { server: tls, ca } = await makeCertificates(tools, folder.path);
  await using registry = await startRegistry({ tools, auth: true, tls });
  await using buildkitd = await startBuildkitd({ tools, registryCas: { [registry.host]: ca } });
  const auth = { [registry.host]: REGISTRY_LOGIN };
  const { digest } = await pushAndPull(buildkitd, registry.host, auth, false);
  assert.match(digest ?? "", /^sha256:/);
});

daemonTest("build() logs in to a registry with config.json", async (environment) => {
  await using registry = await startRegistry({ tools: environment.tools, auth: true });
  const { username, password } = REGISTRY_LOGIN;
  const config = { auths: { [registry.host]: { auth: btoa(`${username}:${password}`) } } };
  await withDockerConfig(
    config,
    "",
    async () => void await pushAndPull(environment, registry.host),
  );
});

daemonTest("build() logs in to a registry with a credential helper", async (environment) => {
  await using registry = await startRegistry({ tools: environment.tools, auth: true });
  const login = JSON.stringify({
    Username: REGISTRY_LOGIN.username,
    Secret: REGISTRY_LOGIN.password,
  });
  const script = `[ "$(cat)" = ${registry.host} ] && echo '${login}'`;
  await withDockerConfig({ credHelpers: { [registry.host]: "test" } }, script, async () => {
    await pushAndPull(environment, registry.host);
  });
});

daemonTest("build() fails with a wrong login", async (environment) => {
  await using registry = await startRegistry({ tools: environment.tools, auth: true });
  const auth = { [registry.host]: { username: "moat", password: "wrong" } };
  await assert.rejects(pushAndPull(environment, registry.host, auth), (error: unknown) => {
    assert(error instanceof BuildError);
    assert.match(error.message, /401|authorization failed/i);
    return true;
  });
});

daemonTest("build() names the credential helper that failed", async (environment) => {
  await using registry = await startRegistry({ tools: environment.tools, auth: true });
  await withDockerConfig({ credsStore: "test" }, "echo keychain is locked; exit 3", async () => {
    await assert.rejects(pushAndPull(environment, registry.host), (error: unknown) => {
      assert(error instanceof CredentialsError, String(error));
      assert.match(
        error.message,
        /^docker-credential-test, .* exited with 3 and said: keychain is locked\./,
      );
      return true;
    });
  });
});
