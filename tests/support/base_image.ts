/** A base image with a shell, made from Debian's busybox by our own client: no image is taken from the network. */
import { readFileSync } from "node:fs";
import { build } from "../../mod.ts";
import type { Tools } from "./tools.ts";

const DOCKERFILE = `FROM scratch
COPY . /
RUN ["/bin/busybox", "--install", "-s", "/bin"]
RUN mkdir -m 1777 /tmp
ENV PATH=/bin
CMD ["/bin/sh"]
`;

const PASSWD = "root:x:0:0:root:/root:/bin/sh\napp:x:1000:1000:app:/home/app:/bin/sh\n";
const GROUP = "root:x:0:\nstaff:x:50:app\napp:x:1000:\n";

/** Builds the base image on the builder at `address`, pushes it to the registry and returns its name. */
export async function pushBaseImage(
  { tools, address, registry }: { tools: Tools; address: string; registry: string },
): Promise<string> {
  const name = `${registry}/moat/base:latest`;
  await build({
    address,
    context: {
      "bin/busybox": { content: readFileSync(tools.busybox), mode: 0o755 },
      "etc/passwd": PASSWD,
      "etc/group": GROUP,
    },
    dockerfile: DOCKERFILE,
    tags: [name],
    output: { type: "image", push: true, insecure: true },
  });
  return name;
}
