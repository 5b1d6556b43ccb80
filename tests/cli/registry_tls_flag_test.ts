import assert from "node:assert/strict";
import { parseRegistryTls } from "../../src/cli/registry_tls_flag.ts";
import { UsageError } from "../../src/cli/usage_error.ts";
import type { RegistryTlsOptions } from "../../src/types.ts";

const GOOD: [items: string[], options: Record<string, RegistryTlsOptions>][] = [
  [["host=r,ca=a.pem"], { r: { ca: "a.pem" } }],
  [["HOST=r:5000,Insecure=1"], { "r:5000": { insecure: true } }],
  [["host=r,insecure=false"], { r: {} }],
  [["host=r,cert=c,key=k"], { r: { cert: "c", key: "k" } }],
  [["host=r,ca=a", "host=r,cert=c,key=k", "host=s,insecure=true"], {
    r: { ca: "a", cert: "c", key: "k" },
    s: { insecure: true },
  }],
  [['host=r,"ca=a,b.pem"'], { r: { ca: "a,b.pem" } }],
];

for (const [items, options] of GOOD) {
  Deno.test(`parseRegistryTls() reads ${items.join(" ")}`, () =>
    assert.deepEqual(parseRegistryTls(items), options));
}

const BAD: [items: string[], message: RegExp, hint?: RegExp][] = [
  [["ca=a"], /^--registry-auth-tlscontext "ca=a" has no host$/, /^Write .* host=/],
  [["host=r"], /has neither ca, cert and key, nor insecure$/],
  [["host=r,insecure=maybe"], /insecure is true or false, not "maybe"$/],
  [["host=r,cert=c"], /cert and key belong together$/],
  [["host=r,ca"], /"ca" is not KEY=VALUE$/],
  [["host=r,cacert=a"], /there is no key cacert$/, /^(Did you mean|Keys are)/],
  [["host=r,keys=a"], /there is no key keys$/, /^Did you mean key\?$/],
  [["host=r,ca=a", "host=r,ca=b"], /gives ca of r twice$/, /one file$/],
];

for (const [items, message, hint] of BAD) {
  Deno.test(`parseRegistryTls() refuses ${items.join(" ")}`, () => {
    assert.throws(() => parseRegistryTls(items), (error: unknown) => {
      assert(error instanceof UsageError);
      assert.match(error.message, message);
      if (hint !== undefined) assert.match(error.hint ?? "", hint);
      return true;
    });
  });
}
