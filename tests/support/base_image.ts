/** A base image with a shell, made from Debian's busybox: no image is taken from the network. */
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Buildctl } from "./buildctl.ts";
import { tempFolder } from "./temp_folder.ts";
import type { Tools } from "./tools.ts";

const DOCKERFILE = `FROM scratch
COPY rootfs /
COPY busybox /bin/busybox
RUN ["/bin/busybox", "--install", "-s", "/bin"]
RUN mkdir -m 1777 /tmp
ENV PATH=/bin
CMD ["/bin/sh"]
`;

const PASSWD = "root:x:0:0:root:/root:/bin/sh\napp:x:1000:1000:app:/home/app:/bin/sh\n";
const GROUP = "root:x:0:\nstaff:x:50:app\napp:x:1000:\n";

/** Builds the base image, pushes it to the registry and returns its name. */
export async function pushBaseImage(
  { tools, address, registry }: { tools: Tools; address: string; registry: string },
): Promise<string> {
  const name = `${registry}/moat/base:latest`;
  await using folder = tempFolder();
  mkdirSync(join(folder.path, "rootfs/etc"), { recursive: true });
  writeFileSync(join(folder.path, "rootfs/etc/passwd"), PASSWD);
  writeFileSync(join(folder.path, "rootfs/etc/group"), GROUP);
  writeFileSync(join(folder.path, "Dockerfile"), DOCKERFILE);
  copyFileSync(tools.busybox, join(folder.path, "busybox"));
  const result = await new Buildctl(tools.buildctl, address).build(
    "--frontend=dockerfile.v0",
    `--local=context=${folder.path}`,
    `--local=dockerfile=${folder.path}`,
    `--output=type=image,name=${name},push=true`,
  );
  if (result.code !== 0) throw new Error(`Cannot build the base image:\n${result.stderr}`);
  return name;
}
