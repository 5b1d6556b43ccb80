import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { secretForms } from "../../../src/progress/mask/secret_forms.ts";

const forms = (value: string): string[] =>
  secretForms(new TextEncoder().encode(value)).map((form) => Buffer.from(form).toString());

Deno.test("secretForms() looks for no value of fewer than four bytes", () => {
  assert.deepEqual([forms(""), forms("abc"), forms("  abc\n")], [[], [], []]);
  assert.ok(forms("abcd\n").includes("abcd"));
});

Deno.test("secretForms() finds the value in base64 of what it is a part of", () => {
  const value = "s3cr3t?>~~ü and more";
  for (const before of ["", "u", "us", "use", "user"]) {
    for (const after of ["", "\n", ":x", "xyz"]) {
      for (const encoding of ["base64", "base64url"] as const) {
        const encoded = Buffer.from(before + value + after).toString(encoding);
        assert.ok(forms(value).some((form) => encoded.includes(form)), `${before}|${after}`);
      }
    }
  }
});

Deno.test("secretForms() finds base64 that is broken into lines", () => {
  const value = Buffer.from(Uint8Array.from({ length: 300 }, (_, i) => 33 + i % 90)).toString();
  for (const width of [64, 76]) {
    const lines = Buffer.from(`${value}\n`).toString("base64").match(RegExp(`.{1,${width}}`, "g"))!;
    for (const line of lines.slice(0, -1)) assert.ok(forms(value).includes(line), line);
    assert.ok(forms(value).some((form) => lines.at(-1)!.startsWith(form)));
  }
});

Deno.test("secretForms() finds the lines of a value, but no short ones", () => {
  const found = forms('{\r\n  "password": "a/b+c",\r\n}\n');
  assert.ok(found.includes('"password": "a/b+c",'));
  assert.ok(found.includes('\\"password\\": \\"a/b+c\\",'));
  assert.ok(!found.includes("}"));
});

Deno.test("secretForms() finds the value in an address", () => {
  assert.ok(forms("p@ss/wörd").includes(encodeURIComponent("p@ss/wörd")));
  assert.ok(forms("p@ss/wörd").includes("p%40ss%2fw%c3%b6rd"));
});
