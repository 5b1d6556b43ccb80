/** What the tests on real engines share. */
import process from "node:process";
import { readFileSync } from "node:fs";
import { build } from "../../src/build.ts";
import type { BuildOptions, BuildResult } from "../../src/types.ts";
import type { TestEnvironment } from "../support/env.ts";

/** The variables that choose a builder. */
const CHOOSING = [
  ...["BUILDKIT_HOST", "MOAT_DISABLE_BUILDKIT", "DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_CONFIG"],
  ...["DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH", "XDG_RUNTIME_DIR", "XDG_CACHE_HOME", "HOME", "PATH"],
  "CONTAINER_HOST",
];

/** Does `work` with just these of the variables that choose a builder, and restores them. */
export async function withVariables<T>(
  variables: Record<string, string>,
  work: () => Promise<T>,
): Promise<T> {
  const before = Object.fromEntries(CHOOSING.map((name) => [name, process.env[name]]));
  const set = (values: Record<string, string | undefined>) => {
    for (const name of CHOOSING) {
      if (values[name] === undefined) delete process.env[name];
      else process.env[name] = values[name];
    }
  };
  // A home that holds nothing, so that this machine's own configuration does not matter.
  set({ HOME: "/nonexistent", PATH: before.PATH, ...variables });
  try {
    return await work();
  } finally {
    set(before);
  }
}

/** Builds with DOCKER_HOST and what else is given, steps on the host's network. */
export function buildOn(
  host: string,
  options: BuildOptions,
  variables: Record<string, string> = {},
): Promise<BuildResult> {
  return withVariables({ DOCKER_HOST: host, ...variables }, async () => {
    return await build({ network: "host", ...options });
  });
}

/** A context whose image prints `hello` and the greeting. */
export function greeting(
  { tools }: TestEnvironment,
  greeting: string,
): Pick<BuildOptions, "context" | "dockerfile"> {
  return {
    context: {
      busybox: { content: readFileSync(tools.busybox), mode: 0o755 },
      "greeting.txt": greeting,
    },
    dockerfile: `FROM scratch
COPY busybox /bin/busybox
RUN ["/bin/busybox", "--install", "-s", "/bin"]
COPY greeting.txt /greeting.txt
RUN echo hello > /hello && cat /greeting.txt >> /hello
CMD ["/bin/cat", "/hello"]
`,
  };
}

/** A name that no other test uses. */
export function uniqueName(): string {
  return `moat-test/${crypto.randomUUID()}:1`;
}
