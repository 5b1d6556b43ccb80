import assert from "node:assert/strict";
import type { Environment } from "../../src/environment.ts";
import { CredentialsError } from "../../src/errors.ts";
import { Auth } from "../../src/gen/auth.ts";
import { createCredentialStore } from "../../src/registry/credentials.ts";
import type { ServerCall } from "../../src/rpc/call.ts";
import { FrameDecoder } from "../../src/rpc/envelope.ts";
import { Metadata } from "../../src/rpc/metadata.ts";
import { RpcError, StatusCode } from "../../src/rpc/status.ts";
import { authHandlers } from "../../src/session/auth.ts";

const METHOD = Auth.credentials;

/** Calls a handler with `batches` as request stream; the messages that it answered. */
async function serve(
  batches: Uint8Array[][],
  path = METHOD.path,
  env: Environment = () => undefined,
): Promise<Uint8Array[]> {
  const decoder = new FrameDecoder();
  const answers: Uint8Array[] = [];
  const call: ServerCall = {
    path,
    metadata: new Metadata(),
    signal: new AbortController().signal,
    batches: (async function* () {
      yield* batches;
    })(),
    write(frames) {
      answers.push(...decoder.push(frames));
      return undefined;
    },
  };
  const auth = { "registry.example": { username: "ann", password: "s3cret" } };
  const store = createCredentialStore({ auth, env });
  await authHandlers(store, { env })[path]!(call);
  decoder.end();
  return answers;
}

const request = (host: string) => METHOD.request.encode({ host });

const ANSWERS: [host: string, username: string, secret: string][] = [
  ["registry.example", "ann", "s3cret"],
  ["other.example", "", ""],
];

for (const [host, username, secret] of ANSWERS) {
  Deno.test(`authHandlers() answers ${host} with ${username || "nobody"}`, async () => {
    const answers = await serve([[], [request(host)]]);
    assert.deepEqual(answers.map((bytes) => METHOD.response.decode(bytes)), [{ username, secret }]);
  });
}

Deno.test("authHandlers() refuses what is no host", async () => {
  await assert.rejects(serve([[request("a\nb")]]), CredentialsError);
});

const AUTHORITY = Auth.getTokenAuthority;
const authority = (host: string, env?: Environment) => {
  const bytes = AUTHORITY.request.encode({ host, salt: new Uint8Array(32) });
  return serve([[bytes]], AUTHORITY.path, env);
};

async function refusesAuthority(host: string, env?: Environment): Promise<void> {
  await assert.rejects(authority(host, env), (error: unknown) => {
    assert(error instanceof RpcError);
    // By this code the daemon knows that it must exchange tokens itself.
    assert.equal(error.status, StatusCode.UNAVAILABLE);
    return true;
  });
}

Deno.test("authHandlers() has a key for tokens", async () => {
  const [bytes] = await authority("registry.example");
  assert.equal(AUTHORITY.response.decode(bytes!).publicKey.length, 32);
});

Deno.test("authHandlers() leaves tokens to the daemon with BUILDKIT_NO_CLIENT_TOKEN", async () => {
  await refusesAuthority("registry.example", () => "true");
  await authority("registry.example", () => "false");
});

Deno.test("authHandlers() leaves tokens to the daemon behind a proxy that it can't use", () =>
  refusesAuthority("registry.example", (name) => {
    return name === "HTTPS_PROXY" ? "socks5://proxy.example" : undefined;
  }));

Deno.test({
  name: "authHandlers() leaves tokens to the daemon where it may not connect to their service",
  permissions: { net: ["registry.example:443", "auth.docker.io", "other.example:5000"] },
  async fn() {
    await authority("registry.example");
    await authority("registry-1.docker.io");
    await authority("other.example:5000");
    await refusesAuthority("registry.example:444");
    await refusesAuthority("other.example");
    await refusesAuthority("a_b.example");
  },
});

Deno.test({
  name: "authHandlers() names the permission that a token's fetching needs",
  permissions: "none",
  async fn() {
    const { path, request } = Auth.fetchToken;
    const realm = "https://auth.example/token?secret=1";
    const bytes = request.encode({ host: "registry.example", realm, service: "s" });
    await assert.rejects(
      serve([[bytes]], path),
      /^CredentialsError: Cannot fetch a token for registry\.example: Deno's permissions do not allow it\. Run with --allow-net=auth\.example:443, or set BUILDKIT_NO_CLIENT_TOKEN=1/,
    );
  },
});
