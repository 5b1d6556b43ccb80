import assert from "node:assert/strict";
import { CredentialsError } from "../../src/errors.ts";
import { Auth } from "../../src/gen/auth.ts";
import { createCredentialStore } from "../../src/registry/credentials.ts";
import type { ServerCall } from "../../src/rpc/call.ts";
import { FrameDecoder } from "../../src/rpc/envelope.ts";
import { Metadata } from "../../src/rpc/metadata.ts";
import { authHandlers } from "../../src/session/auth.ts";

const METHOD = Auth.credentials;

/** Calls the handler with `batches` as request stream; the messages that it answered. */
async function serve(batches: Uint8Array[][]): Promise<Uint8Array[]> {
  const decoder = new FrameDecoder();
  const answers: Uint8Array[] = [];
  const call: ServerCall = {
    path: METHOD.path,
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
  const store = createCredentialStore({ auth, env: () => undefined });
  await authHandlers(store)[METHOD.path]!(call);
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

Deno.test("authHandlers() serves nothing but Credentials, so that the daemon exchanges tokens", () => {
  const store = createCredentialStore({ env: () => undefined });
  assert.deepEqual(Object.keys(authHandlers(store)), ["/moby.filesync.v1.Auth/Credentials"]);
});

Deno.test("authHandlers() refuses what is no host", async () => {
  await assert.rejects(serve([[request("a\nb")]]), CredentialsError);
});
