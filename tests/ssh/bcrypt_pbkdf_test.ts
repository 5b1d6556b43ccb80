import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { bcryptPbkdf } from "../../src/ssh/bcrypt_pbkdf.ts";

Deno.test("bcryptPbkdf() gives what OpenBSD's gives", () => {
  const key = bcryptPbkdf("password", Buffer.from("salt"), 4, 32);
  assert.equal(
    Buffer.from(key).toString("hex"),
    "5bbf0cc293587f1c3635555c27796598d47e579071bf427e9d8fbe842aba34d9",
  );
});
