import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { CredentialsError, OptionError } from "../../src/errors.ts";
import { runCredentialHelper } from "../../src/registry/credential_helper.ts";
import {
  createCredentialStore,
  type Credentials,
  type CredentialStoreOptions,
} from "../../src/registry/credentials.ts";

const LOGIN = { username: "ann", password: "s3cret" };
const GIVEN = { ...LOGIN, given: true } as const;
const AUTH = btoa("ann:s3cret");
const HUB = "https://index.docker.io/v1/";
const HOST = "registry.example:5000";

/** A home with a Docker configuration and helper programs on a PATH of its own. */
interface Home {
  config?: Record<string, unknown>;
  /** The text of config.json instead of `config`. */
  text?: string;
  /** Shell scripts by helper name. */
  helpers?: Record<string, string>;
  variables?: Record<string, string>;
}

async function withHome<T>(
  home: Home,
  use: (env: (name: string) => string | undefined, folder: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "credentials-"));
  try {
    await mkdir(join(folder, ".docker"));
    const text = home.text ?? (home.config && JSON.stringify(home.config));
    if (text !== undefined) await writeFile(join(folder, ".docker/config.json"), text);
    for (const [name, script] of Object.entries(home.helpers ?? {})) {
      await writeFile(join(folder, `docker-credential-${name}`), `#!/bin/sh\n${script}\n`);
      await chmod(join(folder, `docker-credential-${name}`), 0o755);
    }
    const variables: Record<string, string> = {
      HOME: folder,
      PATH: `${folder}:/usr/bin:/bin`,
      ...home.variables,
    };
    return await use((name) => variables[name], folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

function lookup(
  home: Home,
  host: string,
  auth?: CredentialStoreOptions["auth"],
): Promise<Credentials | undefined> {
  const { signal } = new AbortController();
  return withHome(home, (env) => createCredentialStore({ auth, env }).lookup(host, signal));
}

/** A helper that prints a login made of `username` and `password`. */
function printing(username: string, password: string): string {
  return `cat >/dev/null; echo '${
    JSON.stringify({ ServerURL: "x", Username: username, Secret: password })
  }'`;
}

const NONE = "echo 'credentials not found in native keychain'; exit 1";
const variables = (value: unknown) => ({ DOCKER_AUTH_CONFIG: JSON.stringify(value) });

const FOUND: [name: string, home: Home, host: string, login: Credentials | undefined][] = [
  ["nothing without a configuration", {}, HOST, undefined],
  ["nothing in an empty file", { text: "" }, HOST, undefined],
  ["nothing in an empty configuration", { config: {} }, HOST, undefined],
  ["nothing without a home", { variables: { HOME: "" } }, HOST, undefined],
  ["nothing in an empty entry", { config: { auths: { [HOST]: {} } } }, HOST, undefined],
  [
    "nothing for another port",
    { config: { auths: { "registry.example": { auth: AUTH } } } },
    HOST,
    undefined,
  ],
  ["nothing for a name of Object", { config: { auths: {} } }, "constructor", undefined],
  ["auth", { config: { auths: { [HOST]: { auth: AUTH } } } }, HOST, LOGIN],
  [
    "auth over username",
    { config: { auths: { [HOST]: { auth: AUTH, username: "bob" } } } },
    HOST,
    LOGIN,
  ],
  [
    "auth with a colon in the password",
    { config: { auths: { [HOST]: { auth: btoa("ann:a:b") } } } },
    HOST,
    { username: "ann", password: "a:b" },
  ],
  [
    "auth padded with NULs",
    { config: { auths: { [HOST]: { auth: btoa("ann:s3cret\0\0") } } } },
    HOST,
    LOGIN,
  ],
  ["username and password", { config: { auths: { [HOST]: LOGIN } } }, HOST, LOGIN],
  [
    "an identity token",
    { config: { auths: { [HOST]: { auth: AUTH, identitytoken: "t0ken" } } } },
    HOST,
    { username: "", password: "t0ken" },
  ],
  [
    "an entry under a URL",
    { config: { auths: { [`https://${HOST}/v1/`]: { auth: AUTH } } } },
    HOST,
    LOGIN,
  ],
  [
    "the exact entry before a URL",
    { config: { auths: { [`https://${HOST}/`]: { auth: btoa("b:c") }, [HOST]: { auth: AUTH } } } },
    HOST,
    LOGIN,
  ],
  [
    "an exact empty entry before a URL",
    { config: { auths: { [`https://${HOST}/`]: { auth: AUTH }, [HOST]: {} } } },
    HOST,
    undefined,
  ],
  ["Docker Hub", { config: { auths: { [HUB]: { auth: AUTH } } } }, "registry-1.docker.io", LOGIN],
  [
    "nothing for Docker Hub under its host",
    { config: { auths: { "docker.io": { auth: AUTH } } } },
    "docker.io",
    undefined,
  ],
  ["the login of Docker Hub", { config: { auths: { [HUB]: { auth: AUTH } } } }, "dhi.io", LOGIN],
  [
    "an own login before that of Docker Hub",
    { config: { auths: { "dhi.io": { auth: AUTH }, [HUB]: { auth: btoa("b:c") } } } },
    "dhi.io",
    LOGIN,
  ],
  [
    "DOCKER_AUTH_CONFIG first",
    {
      config: { auths: { [HOST]: { auth: btoa("b:c") } } },
      variables: variables({ auths: { [HOST]: { auth: AUTH } } }),
    },
    HOST,
    LOGIN,
  ],
  [
    "the file where DOCKER_AUTH_CONFIG has nothing",
    { config: { auths: { [HOST]: { auth: AUTH } } }, variables: variables({ auths: {} }) },
    HOST,
    LOGIN,
  ],
  [
    "DOCKER_AUTH_CONFIG by exact key only",
    { variables: variables({ auths: { [`https://${HOST}`]: { auth: AUTH } } }) },
    HOST,
    undefined,
  ],
  [
    "a missing DOCKER_CONFIG as none",
    { variables: { DOCKER_CONFIG: "/nowhere" } },
    HOST,
    undefined,
  ],
  [
    "the default helper's login",
    { config: { credsStore: "a" }, helpers: { a: printing("ann", "s3cret") } },
    HOST,
    LOGIN,
  ],
  [
    "the host's own helper's login",
    {
      config: { credsStore: "a", credHelpers: { [HOST]: "b" } },
      helpers: { a: "exit 1", b: printing("ann", "s3cret") },
    },
    HOST,
    LOGIN,
  ],
  [
    "the file where the host's own helper is empty",
    { config: { credsStore: "a", credHelpers: { [HOST]: "" }, auths: { [HOST]: { auth: AUTH } } } },
    HOST,
    LOGIN,
  ],
  [
    "a helper's identity token",
    { config: { credsStore: "a" }, helpers: { a: printing("<token>", "t0ken") } },
    HOST,
    { username: "", password: "t0ken" },
  ],
  [
    "nothing where the helper knows none, not the file's entry",
    { config: { credsStore: "a", auths: { [HOST]: { auth: AUTH } } }, helpers: { a: NONE } },
    HOST,
    undefined,
  ],
  [
    "nothing where the helper prints an empty login",
    { config: { credsStore: "a" }, helpers: { a: printing("", "") } },
    HOST,
    undefined,
  ],
  [
    "a login of a helper that does not read",
    {
      config: { credsStore: "a" },
      helpers: { a: `exec <&-; echo '{"Username":"ann","Secret":"s3cret"}'` },
    },
    HOST,
    LOGIN,
  ],
];

for (const [name, home, host, login] of FOUND) {
  Deno.test(`lookup() finds ${name}`, async () =>
    assert.deepEqual(await lookup(home, host), login));
}

Deno.test("lookup() prefers logins given in code, Docker Hub under any name", async () => {
  const home = { config: { auths: { [HUB]: { auth: btoa("b:c") } } } };
  for (const name of ["docker.io", "index.docker.io", "registry-1.docker.io", HUB]) {
    assert.deepEqual(await lookup(home, "registry-1.docker.io", { [name]: LOGIN }), GIVEN);
  }
});

Deno.test("lookup() asks a function each time, with the host's own name and the scopes", async () => {
  const { signal } = new AbortController();
  const asked: unknown[] = [];
  const store = createCredentialStore({
    env: () => undefined,
    auth: {
      "docker.io": (request) => {
        asked.push(request);
        return { ...LOGIN, password: String(asked.length) };
      },
    },
  });
  await store.lookup("registry-1.docker.io", signal);
  const login = await store.lookup("registry-1.docker.io", signal, ["repository:a:pull"]);
  assert.deepEqual(login, { ...GIVEN, password: "2" });
  assert.deepEqual(asked, [
    { host: "docker.io", scopes: [] },
    { host: "docker.io", scopes: ["repository:a:pull"] },
  ]);
});

Deno.test("lookup() looks further where a function for all hosts gives nothing", async () => {
  const home = { config: { auths: { [HOST]: { auth: AUTH } } } };
  const auth = ({ host }: { host: string }) =>
    Promise.resolve(host === "own.example" ? { username: "b", password: "c" } : undefined);
  // Who leaves a host to Docker's configuration allows it.
  assert.deepEqual(await lookup(home, HOST, auth), { ...LOGIN, allowed: true });
  assert.deepEqual(await lookup(home, "own.example", auth), {
    username: "b",
    password: "c",
    given: true,
  });
});

const BAD_FUNCTIONS: [name: string, auth: () => never, message: RegExp][] = [
  [
    "throws",
    () => {
      throw new Error("s3cret");
    },
    /^The function in auth gave no login for registry\.example:5000: it failed, the error's cause says why$/,
  ],
  ["answers nonsense", (() => ({ username: "ann" })) as () => never, /no username or no password$/],
  ["answers null", (() => null) as () => never, /no username or no password$/],
];

for (const [name, auth, message] of BAD_FUNCTIONS) {
  Deno.test(`lookup() fails on a function that ${name}`, async () => {
    await assert.rejects(lookup({}, HOST, auth), (error: unknown) => {
      assert(error instanceof CredentialsError);
      assert.match(error.message, message);
      return true;
    });
  });
}

Deno.test("lookup() rejects with the reason when its signal fires before a function answers", async () => {
  const controller = new AbortController();
  const auth = () => {
    controller.abort(new Error("enough"));
    return new Promise<never>(() => {});
  };
  const store = createCredentialStore({ auth, env: () => undefined });
  await assert.rejects(store.lookup(HOST, controller.signal), /^Error: enough$/);
});

Deno.test("lookup() reads the configuration again after some minutes", async () => {
  const other = { config: { auths: { [HOST]: { auth: btoa("b:c") } } } };
  await withHome(other, async (env, folder) => {
    const { signal } = new AbortController();
    let now = 0;
    const store = createCredentialStore({ env, now: () => now });
    const path = join(folder, ".docker/config.json");
    assert.equal((await store.lookup(HOST, signal))?.username, "b");
    await writeFile(path, JSON.stringify({ auths: { [HOST]: { auth: AUTH } } }));
    now = 289_999;
    assert.equal((await store.lookup(HOST, signal))?.username, "b");
    now = 290_000;
    assert.deepEqual(await store.lookup(HOST, signal), LOGIN);
  });
});

Deno.test("lookup() finds a registry token beside a login, and beside a helper", async () => {
  const config = { auths: { [HOST]: { auth: AUTH, registrytoken: "t0ken" } } };
  const login = { ...LOGIN, registryToken: "t0ken" };
  assert.deepEqual(await lookup({ config }, HOST), login);
  const withHelper = { ...config, credsStore: "a" };
  const found = await lookup({ config: withHelper, helpers: { a: NONE } }, HOST);
  assert.deepEqual(found, { username: "", password: "", registryToken: "t0ken" });
});

Deno.test("lookup() tells ports apart in logins given in code", async () => {
  assert.equal(await lookup({}, "registry.example:5001", { [HOST]: LOGIN }), undefined);
});

Deno.test("lookup() hands the helper Docker's key without a newline, and its host's environment", async () => {
  const script =
    'echo "{\\"Username\\":\\"$(od -An -c | tr -d " \\n")\\",\\"Secret\\":\\"$1 $HOME\\"}"';
  const home = { config: { credsStore: "a" }, helpers: { a: script } };
  assert.deepEqual(await lookup(home, "docker.io"), {
    username: HUB,
    password: `get ${Deno.env.get("HOME")}`,
  });
});

const FAILURES: [name: string, home: Home, host: string, message: RegExp][] = [
  [
    "a file that is no JSON",
    { text: '{\n  "auths": s3cret' },
    HOST,
    /^Cannot read .*config\.json: not valid JSON at line 2, column 12$/,
  ],
  ["a file that is no object", { text: "[]" }, HOST, /config\.json: It is not a JSON object$/],
  [
    "auths that are no object",
    { config: { auths: ["s3cret"] } },
    HOST,
    /config\.json: auths is not a JSON object$/,
  ],
  [
    "an entry that is no object",
    { config: { auths: { [HOST]: "s3cret" } } },
    HOST,
    /: auths\["registry\.example:5000"\] is not a JSON object$/,
  ],
  [
    "auth that is no base64",
    { config: { auths: { [HOST]: { auth: "s3cret" } } } },
    HOST,
    /: auth of auths\["registry\.example:5000"\] is not base64 of user:password\. Log in again$/,
  ],
  [
    "auth without a user",
    { config: { auths: { [HOST]: { auth: btoa(":s3cret") } } } },
    HOST,
    /is not base64 of user:password/,
  ],
  [
    "a password that is a number",
    { config: { auths: { [HOST]: { username: "ann", password: 1 } } } },
    HOST,
    /password of auths.* is not a string$/,
  ],
  [
    "DOCKER_AUTH_CONFIG that is no JSON",
    { variables: { DOCKER_AUTH_CONFIG: "s3cret" } },
    HOST,
    /^Cannot read DOCKER_AUTH_CONFIG: not valid JSON at line 1, column 1$/,
  ],
  [
    "a helper that is no string",
    { config: { credsStore: {} } },
    HOST,
    /config\.json: credsStore is not a string$/,
  ],
  [
    "a helper named by a path",
    { config: { credsStore: "../a" } },
    HOST,
    /a credential helper named "\.\.\/a"/,
  ],
  [
    "a helper that is missing",
    { config: { credsStore: "a" } },
    HOST,
    /^Cannot run docker-credential-a, which .*config\.json names for registry\.example:5000: it is not on PATH\. Install it, or take it out of .*config\.json$/,
  ],
  [
    "a helper that fails",
    { config: { credsStore: "a" }, helpers: { a: "echo locked; exit 3" } },
    HOST,
    /^docker-credential-a, which .* names for .*, exited with 3 and said: locked\. Try it: echo registry\.example:5000 \| docker-credential-a get$/,
  ],
  [
    "a helper that complains on stderr",
    { config: { credsStore: "a" }, helpers: { a: "echo locked >&2; exit 3" } },
    HOST,
    /and said: locked\./,
  ],
  [
    "a helper that fails printing a login",
    { config: { credsStore: "a" }, helpers: { a: `${printing("ann", "s3cret")}; exit 1` } },
    HOST,
    /exited with 1\. Try it/,
  ],
  [
    "a helper that prints no JSON",
    { config: { credsStore: "a" }, helpers: { a: "echo s3cret" } },
    HOST,
    /did not print a login: no JSON with Username and Secret$/,
  ],
  [
    "a helper that prints null",
    { config: { credsStore: "a" }, helpers: { a: "echo null" } },
    HOST,
    /did not print a login/,
  ],
  [
    "a helper that prints without end",
    { config: { credsStore: "a" }, helpers: { a: "exec yes" } },
    HOST,
    /was killed by SIGKILL/,
  ],
  [
    "a host with a newline",
    { config: { credsStore: "a" }, helpers: { a: printing("ann", "s3cret") } },
    "a\nb",
    /asked for the login of "a\\nb", which is no registry host$/,
  ],
];

for (const [name, home, host, message] of FAILURES) {
  Deno.test(`lookup() fails on ${name}`, async () => {
    await assert.rejects(lookup(home, host), (error: unknown) => {
      assert(error instanceof CredentialsError);
      assert.match(error.message, message);
      assert(!Deno.inspect(error).includes("s3cret"));
      return true;
    });
  });
}

Deno.test("lookup() asks a helper once for a key, and again after a failure", async () => {
  const script = `echo x >>"$0.calls"; [ $(wc -l <"$0.calls") -gt 1 ] || exit 9; ${
    printing("ann", "s3cret")
  }`;
  await withHome({ config: { credsStore: "a" }, helpers: { a: script } }, async (env, folder) => {
    const store = createCredentialStore({ env });
    const { signal } = new AbortController();
    await assert.rejects(store.lookup("docker.io", signal), CredentialsError);
    assert.deepEqual(await store.lookup("docker.io", signal), LOGIN);
    assert.deepEqual(await store.lookup("registry-1.docker.io", signal), LOGIN);
    assert.equal(await readFile(join(folder, "docker-credential-a.calls"), "utf8"), "x\nx\n");
  });
});

Deno.test("lookup() runs one helper at a time", async () => {
  const script = `mkdir "$0.lock" || exit 9; ${printing("ann", "s3cret")}; rmdir "$0.lock"`;
  await withHome({ config: { credsStore: "a" }, helpers: { a: script } }, async (env) => {
    const store = createCredentialStore({ env });
    const { signal } = new AbortController();
    const hosts = ["a", "b", "c", "d"];
    assert.deepEqual(
      await Promise.all(hosts.map((host) => store.lookup(host, signal))),
      hosts.map(() => LOGIN),
    );
  });
});

Deno.test("lookup() kills the helper and rejects with the reason when its signal fires", async () => {
  const script = `echo $$ >"$0.pid"; exec sleep 1000`;
  await withHome({ config: { credsStore: "a" }, helpers: { a: script } }, async (env, folder) => {
    const pidFile = join(folder, "docker-credential-a.pid");
    execFileSync("mkfifo", [pidFile]);
    const store = createCredentialStore({ env });
    const controller = new AbortController();
    const waiting = store.lookup(HOST, controller.signal);
    // Ends when the helper has written to the pipe.
    const pid = Number(await readFile(pidFile, "utf8"));
    controller.abort(new Error("enough"));
    await assert.rejects(waiting, /^Error: enough$/);
    assert.throws(() => process.kill(pid, 0), /ESRCH/);
    await assert.rejects(store.lookup(HOST, controller.signal), /^Error: enough$/);
  });
});

Deno.test("runCredentialHelper() ends a helper that hangs, with all that it started", async () => {
  const script = `echo unlock me >&2; (sleep 300; echo survived) >"$0.pipe" & wait`;
  await withHome({ helpers: { a: script } }, async (env, folder) => {
    const pipe = join(folder, "docker-credential-a.pipe");
    execFileSync("mkfifo", [pipe]);
    const { signal } = new AbortController();
    const helper = { name: "a", source: "config.json" };
    const asked = runCredentialHelper(helper, HOST, { env, signal, timeoutMs: 1_000 });
    const [left, failure] = await Promise.all([
      // Ends when nobody is left who could write to it.
      readFile(pipe, "utf8"),
      asked.then(() => undefined, (error) => error),
    ]);
    assert.equal(left, "");
    assert(failure instanceof CredentialsError);
    assert.match(
      failure.message,
      /gave no answer for 1 s and was killed and said: unlock me\. Try/,
    );
  });
});

Deno.test("lookup() fails on a file that may not be read, and names it", async () => {
  await withHome({}, async (env, folder) => {
    await mkdir(join(folder, ".docker/config.json"));
    const { signal } = new AbortController();
    await assert.rejects(createCredentialStore({ env }).lookup(HOST, signal), (error: unknown) => {
      assert(error instanceof CredentialsError);
      assert(
        error.message.startsWith(
          `Cannot read Docker's configuration ${folder}/.docker/config.json: `,
        ),
      );
      return true;
    });
  });
});

Deno.test({
  name: "lookup() finds nothing without permissions for what nobody asked for",
  permissions: "none",
  async fn() {
    const { signal } = new AbortController();
    assert.equal(await createCredentialStore().lookup(HOST, signal), undefined);
    const env = (name: string) => name === "HOME" ? "/home/ann" : undefined;
    assert.equal(await createCredentialStore({ env }).lookup(HOST, signal), undefined);
  },
});

Deno.test({
  name: "lookup() names the permissions that a configuration asked for needs",
  permissions: "none",
  async fn() {
    const { signal } = new AbortController();
    const env = (name: string) => ({ DOCKER_CONFIG: "/etc/docker" })[name];
    await assert.rejects(
      createCredentialStore({ env }).lookup(HOST, signal),
      /Deno's permissions do not allow it\. Run with --allow-read=\/etc\/docker\/config\.json$/,
    );
    const helper = { name: "pass", source: "config.json" };
    await assert.rejects(
      runCredentialHelper(helper, HOST, { env, signal }),
      /^CredentialsError: Cannot run docker-credential-pass, which config\.json names for .*: Deno's permissions do not allow it\. Run with --allow-run=docker-credential-pass --allow-env$/,
    );
  },
});

Deno.test("createCredentialStore() refuses keys that are no host, and logins that are none", () => {
  const bad = { "https://registry.example": LOGIN };
  assert.throws(() => createCredentialStore({ auth: bad }), (error: unknown) => {
    assert(error instanceof OptionError);
    assert.equal(
      error.message,
      'Invalid auth["https://registry.example"]: the key is no registry host (for example "registry.example:5000")',
    );
    return true;
  });
  assert.throws(
    () => createCredentialStore({ auth: [] as never }),
    /Invalid auth: it is neither logins by host nor a function$/,
  );
  const half = { [HOST]: { username: "ann" } as Credentials };
  assert.throws(
    () => createCredentialStore({ auth: half }),
    /Invalid auth\["registry\.example:5000"\]: it has no username/,
  );
});
