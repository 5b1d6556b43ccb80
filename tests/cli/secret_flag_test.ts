import assert from "node:assert/strict";
import { parseSecrets } from "../../src/cli/secret_flag.ts";
import type { SecretSource } from "../../src/types.ts";

const ENV: Readonly<Record<string, string>> = { TOKEN: "x", BOTH: "" };

const GOOD: [items: string[], secrets: Record<string, SecretSource>][] = [
  [[], {}],
  [[""], {}],
  [["id=a,src=f"], { a: { file: "f" } }],
  [["id=a,source=f"], { a: { file: "f" } }],
  [["ID=a,SRC=f"], { a: { file: "f" } }],
  [["src=f,id=a,type=file"], { a: { file: "f" } }],
  [['id=a,"src=x,y"'], { a: { file: "x,y" } }],
  [["id=a,src=x=y"], { a: { file: "x=y" } }],
  [["id=a,env=E"], { a: { env: "E" } }],
  [["id=a,env=E,type=env"], { a: { env: "E" } }],
  [["id=a,type=env,src=E"], { a: { env: "E" } }],
  [["id=a,type=env"], { a: { env: "a" } }],
  [["id=TOKEN,type=file"], { TOKEN: { file: "TOKEN" } }],
  [["id=TOKEN"], { TOKEN: { env: "TOKEN" } }],
  [["id=BOTH"], { BOTH: { env: "BOTH" } }],
  [["id=other"], { other: { file: "other" } }],
  [["id=a,src=f", "id=b,src=g", "id=a,env=E"], { a: { env: "E" }, b: { file: "g" } }],
  [["id=__proto__,src=f"], Object.fromEntries([["__proto__", { file: "f" }]])],
];

for (const [items, secrets] of GOOD) {
  Deno.test(`parseSecrets() reads ${items.join(" ") || "nothing"}`, () => {
    assert.deepEqual(parseSecrets(items, (name) => ENV[name]), secrets);
  });
}

const BAD: [item: string, message: RegExp, hint?: RegExp][] = [
  ["token.txt", /^--secret "token\.txt": "token\.txt" is not KEY=VALUE$/, /^Write --secret id=/],
  ["id=a,src", /"src" is not KEY=VALUE$/],
  ["src=f", /^--secret "src=f" has no id$/, /^Write --secret id=/],
  ["id=,src=f", /has no id$/],
  [
    "id=a,scr=f",
    /has the unknown key "scr"; did you mean src\?$/,
    /^Keys are id, src, source, env, type$/,
  ],
  ["id=a,required=true", /has the unknown key "required"$/],
  ["id=a,type=vault", /has the unknown type "vault"$/, /^Types are file, env$/],
  ["id=a,src=f,env=E", /names both a file and a variable$/],
  ["id=a,env=E,type=file", /names both a file and a variable$/],
  ['id=a,"src=f', /has a misplaced quote$/],
];

for (const [item, message, hint = /./] of BAD) {
  Deno.test(`parseSecrets() refuses ${item}`, () => {
    assert.throws(() => parseSecrets([item], () => undefined), {
      name: "UsageError",
      message,
      hint,
    });
  });
}
