import assert from "node:assert/strict";
import http from "node:http";
import net, { type AddressInfo } from "node:net";
import { readFileSync } from "node:fs";
import { CredentialsError } from "../../src/errors.ts";
import { proxyFor } from "../../src/registry/http_proxy.ts";
import { fetchToken } from "../../src/registry/token_exchange.ts";
import { makeCertificates } from "../support/certificates.ts";
import { daemonTest } from "../support/env.ts";
import { REGISTRY_LOGIN } from "../support/registry.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { startTokenServer } from "../support/token_server.ts";

const PROXY = "http://proxy.example:3128";

const CASES: [variables: Record<string, string>, url: string, proxy: string | undefined][] = [
  [{}, "https://a.example", undefined],
  [{ HTTPS_PROXY: PROXY }, "https://a.example", PROXY],
  [{ https_proxy: PROXY }, "https://a.example", PROXY],
  [{ HTTPS_PROXY: "proxy.example:3128" }, "https://a.example", PROXY],
  [{ HTTP_PROXY: PROXY }, "https://a.example", undefined],
  [{ HTTP_PROXY: PROXY }, "http://a.example", PROXY],
  [{ HTTPS_PROXY: PROXY }, "https://localhost:5000", undefined],
  [{ HTTPS_PROXY: PROXY }, "https://127.0.0.1:5000", undefined],
  [{ HTTPS_PROXY: PROXY, NO_PROXY: "*" }, "https://a.example", undefined],
  [{ HTTPS_PROXY: PROXY, NO_PROXY: "b, A.example" }, "https://a.example", undefined],
  [{ HTTPS_PROXY: PROXY, NO_PROXY: "example" }, "https://a.example", undefined],
  [{ HTTPS_PROXY: PROXY, no_proxy: ".example" }, "https://a.example", undefined],
  [{ HTTPS_PROXY: PROXY, NO_PROXY: "*.example" }, "https://a.example", undefined],
  [{ HTTPS_PROXY: PROXY, NO_PROXY: "xample,a.exampl" }, "https://a.example", PROXY],
  [{ HTTPS_PROXY: PROXY, NO_PROXY: "a.example:443" }, "https://a.example", undefined],
  [{ HTTPS_PROXY: PROXY, NO_PROXY: "a.example:444,example:444" }, "https://a.example", PROXY],
  [{ HTTPS_PROXY: PROXY, NO_PROXY: "10.0.0.0/8" }, "https://10.1.2.3", undefined],
  [{ HTTPS_PROXY: PROXY, NO_PROXY: "10.0.0.0/8" }, "https://11.1.2.3", PROXY],
  [{ HTTPS_PROXY: PROXY, NO_PROXY: "fd00::/8" }, "https://[fd01::1]", undefined],
  [{ HTTPS_PROXY: PROXY, NO_PROXY: "10.0.0.0/99,/8" }, "https://10.1.2.3", PROXY],
];

for (const [variables, url, proxy] of CASES) {
  Deno.test(`proxyFor() of ${url} with ${JSON.stringify(variables)}`, () => {
    const found = proxyFor(new URL(url), (name) => variables[name]);
    assert.equal(found?.origin, proxy);
  });
}

Deno.test("proxyFor() refuses other proxies and does not show them", () => {
  const env = () => "socks5://ann:s3cret@proxy.example";
  assert.throws(() => proxyFor(new URL("https://a.example"), env), (error: unknown) => {
    assert(error instanceof CredentialsError);
    assert.equal(error.message, "Cannot use the proxy in HTTPS_PROXY: it is no http:// address");
    return true;
  });
});

/** A proxy that leads everything to one port, or refuses. */
async function startProxy(port: number, status = 200) {
  const asked: string[] = [];
  const tunnels = new Set<{ destroy(): unknown }>();
  const note = ({ url, headers }: http.IncomingMessage) =>
    asked.push(`${url} ${headers["proxy-authorization"]}`);
  const server = http.createServer((request, response) => {
    note(request);
    const { pathname, search } = new URL(request.url!);
    const { method, headers } = request;
    const options = { port, host: "127.0.0.1", method, headers, path: pathname + search };
    request.pipe(http.request(options, (answer) => void answer.pipe(response)));
  });
  server.on("connect", (request, socket) => {
    note(request);
    if (status !== 200) return void socket.end(`HTTP/1.1 ${status} No\r\n\r\n`);
    const upstream = net.connect(port, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      upstream.pipe(socket).pipe(upstream);
    });
    for (const end of [upstream, socket]) {
      tunnels.add(end);
      end.on("error", () => {});
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    asked,
    url: new URL(`http://ann:a%20b@127.0.0.1:${(server.address() as AddressInfo).port}`),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      for (const end of tunnels) end.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const LOGIN_HEADER = `Basic ${btoa("ann:a b")}`;

for (const tls of [true, false]) {
  daemonTest(
    `fetchToken() goes through a proxy ${tls ? "in TLS" : "plainly"}`,
    async ({ tools }) => {
      await using folder = tempFolder();
      const certificates = await makeCertificates(tools, folder.path);
      await using server = await startTokenServer({ certificates, tls });
      await using proxy = await startProxy(Number(new URL(server.origin).port));
      // A name that the proxy alone can reach; the certificate is for it.
      const realm = `${tls ? "https" : "http"}://builder.test/token`;
      const { token } = await fetchToken(
        { host: "registry.example", realm, service: "s", scopes: ["repository:a:pull"] },
        tls ? REGISTRY_LOGIN : undefined,
        {
          signal: new AbortController().signal,
          tls: { ca: readFileSync(certificates.ca) },
          proxy: () => proxy.url,
        },
      );
      assert.match(token, /^ey/);
      assert.deepEqual(server.calls.map(({ login }) => login), [tls ? REGISTRY_LOGIN : undefined]);
      const [asked = ""] = proxy.asked;
      assert.equal(proxy.asked.length, 1);
      assert(asked.startsWith(tls ? "builder.test:443 " : `${realm}?service=s&scope=`), asked);
      assert(asked.endsWith(LOGIN_HEADER));
    },
  );
}

Deno.test("fetchToken() says what a proxy answers", async () => {
  await using proxy = await startProxy(1, 407);
  await assert.rejects(
    fetchToken(
      { host: "registry.example", realm: "https://auth.test/token", service: "", scopes: [] },
      REGISTRY_LOGIN,
      { signal: new AbortController().signal, proxy: () => proxy.url },
    ),
    (error: unknown) => {
      assert(error instanceof CredentialsError);
      assert.match(error.message, /: the proxy 127\.0\.0\.1:\d+ answered 407 No\. /);
      return true;
    },
  );
});
