import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { BUILD_FLAGS } from "../../src/cli/build_flags.ts";
import { parseFlags } from "../../src/cli/flags.ts";
import { registryOptions } from "../../src/cli/registry_options.ts";
import { parseSourcePolicy } from "../../src/cli/source_policy_flag.ts";
import { UsageError } from "../../src/cli/usage_error.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { fakeIo } from "./fake_io.ts";

const GOOD: [text: string, policy: unknown][] = [
  ["{}", { rules: [] }],
  ['{"version": 1, "rules": null}', { version: 1, rules: [] }],
  [
    '{"rules": [{"action": "DENY", "selector": {"identifier": "*", "match_type": "REGEX"}}]}',
    { rules: [{ action: "DENY", selector: { identifier: "*", matchType: "REGEX" } }] },
  ],
  [
    '{"rules": [{"action": 2, "selector": {"identifier": "a", "match_type": 1}, "updates": {"identifier": "b"}}]}',
    {
      rules: [{
        action: "CONVERT",
        selector: { identifier: "a", matchType: "EXACT" },
        updates: { identifier: "b" },
      }],
    },
  ],
  [
    '{"rules": [{"selector": {"identifier": "a", "constraints": [{"key": "k", "value": "v", "condition": 2}, {"key": "k", "value": "v"}]}}]}',
    {
      rules: [{
        action: "ALLOW",
        selector: {
          identifier: "a",
          constraints: [
            { key: "k", value: "v", condition: "MATCHES" },
            { key: "k", value: "v", condition: "EQUAL" },
          ],
        },
      }],
    },
  ],
  // What is wrong stays wrong, for the library to refuse.
  ['{"rules": [1, {"action": 7, "selectr": {}}]}', { rules: [1, { action: 7, selectr: {} }] }],
];

for (const [text, policy] of GOOD) {
  Deno.test(`parseSourcePolicy() reads ${text}`, () =>
    assert.deepEqual(parseSourcePolicy(text), policy));
}

const options = (argv: string[], env: Record<string, string>) =>
  registryOptions(parseFlags(BUILD_FLAGS, argv).flags, fakeIo({ env }));

Deno.test("registryOptions() takes --source-policy-file before buildx's variable", async () => {
  await using folder = tempFolder();
  const [one, two] = ["one", "two"].map((name, i) => {
    writeFileSync(join(folder.path, name), JSON.stringify({ version: i + 1 }));
    return join(folder.path, name);
  });
  const env = { EXPERIMENTAL_BUILDKIT_SOURCE_POLICY: two! };
  assert.deepEqual(await options(["--source-policy-file", one!], env), {
    sourcePolicy: { version: 1, rules: [] },
  });
  assert.deepEqual(await options([], env), { sourcePolicy: { version: 2, rules: [] } });
});

Deno.test("registryOptions() names the flag and the file that can't be read", async () => {
  await using folder = tempFolder();
  const path = join(folder.path, "policy.json");
  const says = (start: string) => (error: unknown) =>
    error instanceof UsageError && error.message.startsWith(start);
  await assert.rejects(
    options(["--source-policy-file", path], {}),
    says(`--source-policy-file "${path}": ENOENT`),
  );
  writeFileSync(path, "[]");
  await assert.rejects(
    options([], { EXPERIMENTAL_BUILDKIT_SOURCE_POLICY: path }),
    says(`EXPERIMENTAL_BUILDKIT_SOURCE_POLICY "${path}": it is no JSON object`),
  );
});
