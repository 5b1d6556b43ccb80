import { build } from "../../mod.ts";
import type { TestEnvironment } from "./env.ts";
import { programFiles } from "./sidecar_image.ts";
import { find } from "./tools.ts";

/** Builds an image with OpenSSH's programs and git, which are this machine's, and returns its name. */
export async function pushSshImage(
  { registry, address, baseImage }: TestEnvironment,
): Promise<string> {
  const programs = ["ssh", "ssh-add", "ssh-keygen", "git"].map((name) => {
    const program = find(name);
    if (program === undefined) throw new Error(`${name} is not installed`);
    return program;
  });
  const image = `${registry}/moat/ssh:latest`;
  await build({
    address,
    context: await programFiles(...programs),
    dockerfile: `FROM ${baseImage}\nCOPY . /\nENV PATH=/usr/bin:/bin HOME=/root\n`,
    tags: [image],
    output: { type: "image", push: true, insecure: true },
  });
  return image;
}
