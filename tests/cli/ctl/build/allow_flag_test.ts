import assert from "node:assert/strict";
import { parseCtlAllow } from "../../../../src/cli/ctl/build/allow_flag.ts";

for (
  const item of ["network.host", "security.insecure", "device", "device=a", "device=a,alias=b"]
) {
  Deno.test(`parseCtlAllow() takes ${item}`, () => {
    assert.deepEqual(parseCtlAllow([item]), [item]);
  });
}

for (const item of ["", "host", "network.host=x", "device=a,b", "device=a,b=c"]) {
  Deno.test(`parseCtlAllow() refuses ${JSON.stringify(item)}`, () => {
    assert.throws(() => parseCtlAllow([item]), { name: "UsageError" });
  });
}
