/** Secrets and SSH through the session of an engine's own BuildKit. */
import assert from "node:assert/strict";
import { OptionError } from "../../src/errors.ts";
import { engineTest } from "../support/env.ts";
import { programFiles } from "../support/sidecar_image.ts";
import { makeKey } from "../support/ssh_agent.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { find } from "../support/tools.ts";
import { buildOn, greeting } from "./support.ts";

engineTest("build() on {} hands over secrets and keys", async (engine, environment) => {
  const sshAdd = find("ssh-add");
  if (sshAdd === undefined) return;
  await using folder = tempFolder();
  const key = await makeKey(folder.path, "the-key");
  const { context, dockerfile } = greeting(environment, "secrets\n");
  const asked: string[] = [];
  await buildOn(engine.host, {
    context: [context as Record<string, string>, await programFiles(sshAdd)],
    dockerfile: `${dockerfile}COPY . /
RUN --mount=type=secret,id=token,required=true --mount=type=ssh,required=true \\
  : ${crypto.randomUUID()} && [ "$(cat /run/secrets/token)" = hush ] && ${sshAdd} -l | grep the-key
`,
    secrets: {
      token: () => {
        asked.push("token");
        return "hush";
      },
    },
    ssh: { default: { keys: [key] } },
  });
  assert.deepEqual(asked, ["token"]);
});

engineTest("build() on {} in the classic builder refuses secrets", async (engine, environment) => {
  const options = { ...greeting(environment, "x"), secrets: { token: "hush" } };
  const building = buildOn(engine.host, options, { MOAT_DISABLE_BUILDKIT: "1" });
  await assert.rejects(building, (error: unknown) => {
    assert(error instanceof OptionError);
    assert.match(error.message, /^Invalid secrets: secrets needs BuildKit/);
    return true;
  });
});
