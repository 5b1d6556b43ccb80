import assert from "node:assert/strict";
import { CredentialsError } from "../../src/errors.ts";
import type { Login } from "../../src/registry/credentials.ts";
import { fetchToken, type TokenOptions, TokenRefused } from "../../src/registry/token_exchange.ts";
import { makeCertificates } from "../support/certificates.ts";
import { daemonTest, type TestEnvironment } from "../support/env.ts";
import { deadAddress } from "../support/listener.ts";
import { REGISTRY_LOGIN } from "../support/registry.ts";
import { tempFolder } from "../support/temp_folder.ts";
import {
  startTokenServer,
  type TokenCall,
  type TokenReply,
  type TokenServer,
  type TokenServerOptions,
} from "../support/token_server.ts";

const HOST = "registry.example:5000";
const SCOPES = ["repository:a:pull,push", "repository:b:pull"];

async function withServer(
  { tools }: TestEnvironment,
  options: Omit<TokenServerOptions, "certificates">,
  use: (server: TokenServer) => Promise<void>,
): Promise<void> {
  await using folder = tempFolder();
  const certificates = await makeCertificates(tools, folder.path);
  await using server = await startTokenServer({ ...options, certificates });
  await use(server);
}

function fetchFrom(
  realm: string,
  login: Login | undefined,
  options: Partial<TokenOptions> = {},
) {
  const { signal } = new AbortController();
  const request = { host: HOST, realm, service: "s", scopes: SCOPES };
  return fetchToken(request, login, { signal, retryDelaysMs: [1, 1, 1], ...options });
}

const ok = (body: unknown): TokenReply => ({ status: 200, body });

for (const status of [404, 405, 401]) {
  daemonTest(`fetchToken() asks by GET where POST gets ${status}`, (environment) => {
    const reply = ({ method }: TokenCall) => method === "POST" ? { status } : undefined;
    return withServer(environment, { reply }, async ({ token, calls }) => {
      const { expiresIn } = await fetchFrom(token.realm, REGISTRY_LOGIN);
      assert.equal(expiresIn, 300);
      const [post, get] = calls;
      assert.deepEqual(post?.fields.getAll("scope"), [SCOPES.join(" ")]);
      assert.deepEqual(get?.fields.getAll("scope"), SCOPES);
      assert.deepEqual(get.login, REGISTRY_LOGIN);
    });
  });
}

daemonTest(
  "fetchToken() does not ask by GET for a refresh token that POST refuses by 405",
  (environment) =>
    withServer(environment, { reply: () => ({ status: 405 }) }, async ({ token, calls }) => {
      await assert.rejects(fetchFrom(token.realm, { username: "", password: "t" }), TokenRefused);
      assert.equal(calls.length, 1);
    }),
);

const REFUSED: [name: string, reply: TokenReply, message: RegExp][] = [
  [
    "403 with a reason",
    { status: 403, body: { errors: [{ code: "DENIED", message: "no\nplan" }] } },
    /^failed to fetch a token for registry\.example:5000 \(repository:a:pull,push repository:b:pull\): http:\S+\/token answered 403 Forbidden: no plan$/,
  ],
  ["429 without one", { status: 429 }, /answered 429 Too Many Requests$/],
  ["502 each time", { status: 502, body: "<html>" }, /answered 502 Bad Gateway$/],
  ["400 that repeats the password", {
    status: 400,
    body: { error_description: `bad: ${REGISTRY_LOGIN.password}` },
  }, /answered 400 Bad Request$/],
  [
    "a redirection of a POST to GET",
    { status: 302, headers: { location: "/other" } },
    /answered 302/,
  ],
];

for (const [name, reply, message] of REFUSED) {
  daemonTest(
    `fetchToken() fails on ${name}`,
    (environment) =>
      withServer(environment, { reply: () => reply }, async ({ token }) => {
        await assert.rejects(fetchFrom(token.realm, REGISTRY_LOGIN), (error: unknown) => {
          assert(error instanceof TokenRefused, String(error));
          assert.match(error.message, message);
          return true;
        });
      }),
  );
}

const BAD_ANSWERS: [name: string, reply: TokenReply, message: RegExp][] = [
  ["no JSON", ok("t0ken"), /^The answer of the token service http:\S+\/token is no JSON object$/],
  ["a list", ok(["t0ken"]), /is no JSON object$/],
  ["no token", ok({ expires_in: 60 }), /has no token in it$/],
  ["a token that is no text", ok({ token: 1 }), /has no token in it$/],
  ["a token with a line end", ok({ token: "t0ken\r\nx: y" }), /with characters that no token has$/],
  [
    "more than a MiB",
    ok({ token: "t".repeat(2 ** 20) }),
    /: more than 1048576 bytes\. Is it a token service\?$/,
  ],
];

for (const [name, reply, message] of BAD_ANSWERS) {
  daemonTest(
    `fetchToken() fails on ${name}`,
    (environment) =>
      withServer(environment, { reply: () => reply }, async ({ token }) => {
        await assert.rejects(fetchFrom(token.realm, undefined), (error: unknown) => {
          assert(error instanceof CredentialsError, String(error));
          assert.match(error.message, message);
          assert(!Deno.inspect(error).includes("t0ken"));
          return true;
        });
      }),
  );
}

const LIVES: [body: Record<string, unknown>, expiresIn: number, issuedAt: number][] = [
  [{ token: "t" }, 60, 0],
  [{ token: "t", expires_in: 0 }, 60, 0],
  [{ token: "t", expires_in: -5 }, 60, 0],
  [{ token: "t", expires_in: "900" }, 60, 0],
  [{ token: "t", expires_in: 900.5, issued_at: "2026-01-02T03:04:05.6Z" }, 900, 1767323045],
  [{ token: "t", expires_in: 1e300, issued_at: "soon" }, 31_536_000, 0],
];

for (const [body, expiresIn, issuedAt] of LIVES) {
  daemonTest(
    `fetchToken() reads ${JSON.stringify(body)}`,
    (environment) =>
      withServer(environment, { reply: () => ok(body) }, async ({ token }) => {
        const fetched = await fetchFrom(token.realm, undefined);
        assert.deepEqual(fetched, { token: "t", expiresIn, issuedAt });
      }),
  );
}

daemonTest("fetchToken() asks again where the service fails in passing", (environment) => {
  let count = 0;
  const reply = () => ++count < 3 ? { status: 503 } : undefined;
  return withServer(environment, { reply }, async ({ token, calls }) => {
    await fetchFrom(token.realm, REGISTRY_LOGIN);
    assert.equal(calls.length, 3);
  });
});

daemonTest("fetchToken() follows the service on its own host", (environment) => {
  const reply = ({ path }: TokenCall): TokenReply | undefined =>
    path === "/token" ? { status: 307, headers: { location: "/other" } } : undefined;
  return withServer(environment, { reply }, async ({ token, calls }) => {
    await fetchFrom(token.realm, REGISTRY_LOGIN);
    assert.deepEqual(calls.map(({ path, login }) => [path, login]), [
      ["/token", REGISTRY_LOGIN],
      ["/other", REGISTRY_LOGIN],
    ]);
  });
});

daemonTest(
  "fetchToken() takes a login to no other host, but follows without one",
  (environment) =>
    withServer(environment, {}, async (other) => {
      const location = `${other.origin}/token`;
      const reply = () => ({ status: 307, headers: { location } });
      await withServer(environment, { reply }, async ({ token }) => {
        await assert.rejects(fetchFrom(token.realm, REGISTRY_LOGIN), (error: unknown) => {
          assert(error instanceof CredentialsError, String(error));
          assert.match(error.message, /wants the login at http:\/\/127\.0\.0\.1:\d+, another host/);
          return true;
        });
        assert.equal(other.calls.length, 0);
        await fetchFrom(token.realm, undefined);
        assert.equal(other.calls.length, 1);
      });
    }),
);

daemonTest("fetchToken() gives up on redirections without end", (environment) => {
  const reply = () => ({ status: 307, headers: { location: "/token" } });
  return withServer(environment, { reply }, async ({ token }) => {
    await assert.rejects(fetchFrom(token.realm, undefined), /redirects without end$/);
  });
});

daemonTest(
  "fetchToken() gives up on a service that says nothing",
  (environment) =>
    withServer(environment, { reply: () => "hang" }, async ({ token }) => {
      await assert.rejects(
        fetchFrom(token.realm, REGISTRY_LOGIN, { timeoutMs: 50 }),
        /^CredentialsError: Cannot ask \S+ for a token for registry\.example:5000: no answer in 0\.05 s\. Check that this machine reaches 127\.0\.0\.1:\d+, or set BUILDKIT_NO_CLIENT_TOKEN=1 to let the builder do it, which then gets the login$/,
      );
    }),
);

daemonTest("fetchToken() rejects with the reason when its signal fires", (environment) => {
  const controller = new AbortController();
  const reply = (): TokenReply => {
    controller.abort(new Error("enough"));
    return "hang";
  };
  return withServer(environment, { reply }, async ({ token }) => {
    const { signal } = controller;
    await assert.rejects(fetchFrom(token.realm, REGISTRY_LOGIN, { signal }), /^Error: enough$/);
  });
});

Deno.test("fetchToken() says where nothing listens", async () => {
  const { host } = new URL((await deadAddress()).replace("tcp:", "http:"));
  await assert.rejects(
    fetchFrom(`http://${host}/token`, undefined),
    /^CredentialsError: Cannot ask http:\/\/127\.0\.0\.1:\d+\/token for a token for registry\.example:5000: .*refused/i,
  );
});

const REALMS: [realm: string, message: RegExp][] = [
  ["", /names a token service that is no http\(s\) URL$/],
  ["ftp://auth.example/", /no http\(s\) URL$/],
  ["https://ann:s3cret@auth.example/", /no http\(s\) URL$/],
  [
    "http://auth.example/token",
    /wants its login sent in plain text, to http:\/\/auth\.example\. .*--registry-auth-tlscontext host=registry\.example:5000,insecure=true\)$/,
  ],
  ["http://127.0.0.1.example/token", /in plain text/],
];

for (const [realm, message] of REALMS) {
  Deno.test(`fetchToken() sends no login to "${realm}"`, async () => {
    await assert.rejects(fetchFrom(realm, REGISTRY_LOGIN), (error: unknown) => {
      assert(error instanceof CredentialsError, String(error));
      assert.match(error.message, message);
      return true;
    });
  });
}
