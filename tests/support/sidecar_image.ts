/** Images made of this machine's own programs, since none can be taken from the network. */
import { readFileSync } from "node:fs";
import { build } from "../../mod.ts";
import type { VirtualFiles } from "../../src/types.ts";
import { docker } from "./docker_images.ts";
import type { TestEngine, TestEnvironment } from "./env.ts";
import { runOk } from "./process.ts";
import { pinnedVersion } from "./tools.ts";

/** Programs of this machine with the libraries that they load, each at its own path. */
export async function programFiles(...programs: string[]): Promise<VirtualFiles> {
  const paths = new Set(programs);
  for (const program of programs) {
    // It fails for what is linked statically.
    const { stdout } = await runOk("sh", ["-c", 'ldd "$1" || true', "sh", program]);
    for (const [, path] of stdout.matchAll(/(\/\S+) \(0x/g)) paths.add(path!);
  }
  return Object.fromEntries(
    [...paths].map((path) => [path.slice(1), { content: readFileSync(path), mode: 0o755 }]),
  );
}

/**
 * Sees to it that an engine has an image of the pinned BuildKit, made as `moby/buildkit` is as far as builds see it, and returns
 * its name. It is built by our client and loaded by it.
 */
export async function sidecarImage(
  engine: TestEngine,
  { tools, address }: TestEnvironment,
): Promise<string> {
  const name = `moat-test/buildkit:${pinnedVersion()}`;
  const images = await docker(engine.host).listImages();
  if (images.some(({ RepoTags }) => RepoTags?.includes(name))) return name;
  const at = (path: string, source: string): VirtualFiles => ({
    [path]: { content: readFileSync(source), mode: 0o755 },
  });
  const before = Deno.env.get("DOCKER_HOST");
  Deno.env.set("DOCKER_HOST", engine.host);
  try {
    await build({
      address,
      context: {
        ...at("bin/busybox", tools.busybox),
        ...at("usr/bin/buildkitd", tools.buildkitd),
        ...at("usr/bin/buildctl", tools.buildctl),
        ...await programFiles(tools.runc),
        "etc/passwd": "root:x:0:0:root:/root:/bin/sh\n",
        "tmp/": "",
      },
      dockerfile: `FROM scratch
COPY . /
RUN ["/bin/busybox", "--install", "-s", "/bin"]
ENV PATH=/usr/bin:/usr/sbin:/bin
ENTRYPOINT ["buildkitd"]
`,
      tags: [name],
      output: { type: "docker", load: true },
    });
  } finally {
    if (before === undefined) Deno.env.delete("DOCKER_HOST");
    else Deno.env.set("DOCKER_HOST", before);
  }
  return name;
}

/** Gives that image the name by which a sidecar is started where nobody says which, until the end of the block. */
export async function tagSidecarImage(
  engine: TestEngine,
  environment: TestEnvironment,
): Promise<AsyncDisposable & { readonly name: string }> {
  const image = await sidecarImage(engine, environment);
  const [repo, tag] = ["moby/buildkit", pinnedVersion()];
  const name = `${repo}:${tag}`;
  await docker(engine.host).getImage(image).tag({ repo, tag });
  const remove = async () => {
    await docker(engine.host).getImage(name).remove({ force: true });
  };
  return { name, [Symbol.asyncDispose]: remove };
}
