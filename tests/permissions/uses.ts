/**
 * What a program may want of a build, and the flags that it then needs: the rows of the table in docs/permissions.md. Names in
 * capitals stand for what `place.ts` makes.
 */
import type { BuildOptions } from "../../src/types.ts";

/** One row. */
export interface Use {
  /** As the table says it. */
  readonly use: string;
  /** Each flag, and what happens without it. */
  readonly flags: Readonly<Record<string, Without>>;
  /** The build, or a command line. */
  readonly options?: BuildOptions;
  readonly command?: readonly string[];
  /** Takes the result as a stream. */
  readonly stream?: "tar" | "oci";
  readonly env?: Readonly<Record<string, string>>;
  /** What the steps print if all is well. */
  readonly prints?: string;
}

/** The code of the error without a flag, or for a command the exit code; the message names the flag. */
export type Without = string;

const ADDRESS = "tcp://HOST:PORT";
const NET = { "--allow-net=HOST:PORT": "PERMISSION_MISSING" } as const;
const READ = (...names: string[]): Record<string, Without> =>
  Object.fromEntries(names.map((name) => [`--allow-read=${name}`, "PERMISSION_MISSING"]));
const BOTH = (name: string): Record<string, Without> => ({
  ...READ(name),
  [`--allow-write=${name}`]: "PERMISSION_MISSING",
});
const SOCKET = (name: string): Record<string, Without> => ({
  [`--allow-net=unix:${name}`]: "PERMISSION_MISSING",
  ...BOTH(name),
});

/** Files in memory, and a step. */
const MEMORY = {
  address: ADDRESS,
  context: { "a.txt": "a" },
  dockerfile: "FROM scratch\nCOPY a.txt /\n",
};
const step = (mount: string, command: string): BuildOptions => ({
  address: ADDRESS,
  dockerfile: `FROM BASE\nRUN ${mount} : UNIQUE; ${command}\n`,
});
const PUSH = {
  ...MEMORY,
  output: { type: "image", names: ["REGISTRY/app:UNIQUE"], push: true, insecure: true },
} satisfies BuildOptions;

export const USES: readonly Use[] = [
  {
    use: "a folder, a builder on TCP",
    flags: { ...NET, ...READ("CONTEXT") },
    options: { address: ADDRESS, context: "CONTEXT" },
  },
  {
    use: "a builder by its host's name",
    flags: { "--allow-net=localhost:PORT": "PERMISSION_MISSING" },
    options: { ...MEMORY, address: "tcp://localhost:PORT" },
  },
  {
    use: "a builder with TLS",
    flags: { "--allow-net=127.0.0.1:SECURE_PORT": "PERMISSION_MISSING", ...READ("CA") },
    options: { ...MEMORY, address: "tcp://127.0.0.1:SECURE_PORT", tls: { ca: "CA" } },
  },
  {
    use: "a builder's socket",
    flags: { ...SOCKET("SOCKET"), ...READ("CONTEXT") },
    options: { address: "unix://SOCKET", context: "CONTEXT" },
  },
  {
    use: "the builder from `BUILDKIT_HOST`",
    flags: { ...NET, "--allow-env=BUILDKIT_HOST": "NO_BUILDER" },
    options: { context: MEMORY.context, dockerfile: MEMORY.dockerfile },
    env: { BUILDKIT_HOST: ADDRESS },
  },
  {
    use: "a builder by `ssh://`",
    flags: { "--allow-run=ssh": "PERMISSION_MISSING", "--allow-env": "PERMISSION_MISSING" },
    options: { ...MEMORY, address: "ssh://builder" },
  },
  {
    use: "files in memory",
    flags: NET,
    options: MEMORY,
  },
  {
    use: "a Dockerfile outside of the context",
    flags: { ...NET, ...READ("CONTEXT", "DOCKERFILES") },
    options: {
      address: ADDRESS,
      context: "CONTEXT",
      dockerfile: { path: "DOCKERFILES/Dockerfile" },
    },
  },
  {
    use: "another folder in `contexts`",
    flags: { ...NET, ...READ("CONTEXT") },
    options: {
      address: ADDRESS,
      contexts: { more: "CONTEXT" },
      dockerfile: "FROM scratch\nCOPY --from=more a.txt /\n",
    },
  },
  {
    use: "`local` output",
    flags: { ...NET, ...BOTH("OUT") },
    options: { ...MEMORY, output: { type: "local", dest: "OUT/local" } },
  },
  {
    use: "symlinks in a `local` output",
    flags: {
      ...NET,
      "--allow-read": "PERMISSION_MISSING",
      "--allow-write": "PERMISSION_MISSING",
    },
    options: {
      address: ADDRESS,
      dockerfile:
        "FROM BASE AS base\nRUN mkdir /o && ln -s a /o/b\nFROM scratch\nCOPY --from=base /o /\n",
      output: { type: "local", dest: "OUT/linked" },
    },
  },
  {
    use: "`tar`, `oci` or `docker` into a file",
    flags: { ...NET, ...BOTH("OUT") },
    options: { ...MEMORY, output: { type: "oci", dest: "OUT/oci.tar" } },
  },
  {
    use: "the same as a folder",
    flags: { ...NET, ...BOTH("OUT") },
    options: { ...MEMORY, output: { type: "oci", dest: "OUT/layout", tar: false } },
  },
  {
    use: "an archive into a stream",
    flags: NET,
    options: MEMORY,
    stream: "oci",
  },
  {
    use: "an image, pushed by the builder",
    flags: NET,
    options: {
      ...MEMORY,
      output: { type: "image", names: ["OPEN_REGISTRY/app:UNIQUE"], push: true, insecure: true },
    },
  },
  {
    use: "a login in `auth`",
    flags: NET,
    options: {
      ...PUSH,
      auth: { REGISTRY: { username: "moat", password: "s3cret: with space" } },
    },
  },
  {
    use: "a login in `~/.docker/config.json`",
    flags: {
      ...NET,
      "--allow-read=DOCKER": "CREDENTIALS_FAILED",
      "--allow-env=DOCKER_CONFIG": "REGISTRY_DENIED",
    },
    options: PUSH,
    env: { DOCKER_CONFIG: "DOCKER" },
  },
  {
    use: "a login of a credential helper",
    flags: {
      ...NET,
      "--allow-read=HELPED": "CREDENTIALS_FAILED",
      "--allow-env": "REGISTRY_DENIED",
      "--allow-run=docker-credential-place": "CREDENTIALS_FAILED",
    },
    options: PUSH,
    env: { DOCKER_CONFIG: "HELPED" },
  },
  {
    use: "a secret's value, or a function",
    flags: NET,
    options: {
      ...step("--mount=type=secret,id=token", "wc -c </run/secrets/token"),
      secrets: { token: "hunter22" },
    },
    prints: "8\n",
  },
  {
    use: "a secret from the environment",
    flags: { ...NET, "--allow-env=TOKEN": "PERMISSION_MISSING" },
    options: {
      ...step("--mount=type=secret,id=token", "wc -c </run/secrets/token"),
      secrets: { token: { env: "TOKEN" } },
    },
    env: { TOKEN: "hunter22" },
    prints: "8\n",
  },
  {
    use: "a secret from a file",
    flags: { ...NET, ...READ("FILE") },
    options: {
      ...step("--mount=type=secret,id=token", "wc -c </run/secrets/token"),
      secrets: { token: { file: "FILE" } },
    },
    prints: "8\n",
  },
  {
    use: "an ssh key",
    flags: { ...NET, ...READ("KEY") },
    options: {
      ...step("--mount=type=ssh,required=true", "test -S $SSH_AUTH_SOCK && echo yes"),
      ssh: { default: { keys: ["KEY"] } },
    },
    prints: "yes\n",
  },
  {
    use: "an ssh agent by its path",
    flags: { ...NET, ...SOCKET("AGENT") },
    options: {
      ...step("--mount=type=ssh,required=true", "test -S $SSH_AUTH_SOCK && echo yes"),
      ssh: { default: { agent: "AGENT" } },
    },
    prints: "yes\n",
  },
  {
    use: "the ssh agent of the environment",
    flags: { ...NET, ...SOCKET("AGENT"), "--allow-env=SSH_AUTH_SOCK": "PERMISSION_MISSING" },
    options: {
      ...step("--mount=type=ssh,required=true", "test -S $SSH_AUTH_SOCK && echo yes"),
      ssh: true,
    },
    env: { SSH_AUTH_SOCK: "AGENT" },
    prints: "yes\n",
  },
  {
    use: "git's commit and changes, by `vcs`",
    flags: { ...NET, ...READ("REPOSITORY") },
    options: { address: ADDRESS, context: "REPOSITORY", vcs: true },
  },
  {
    use: "a cache in a folder, written",
    flags: { ...NET, ...BOTH("CACHE") },
    options: { ...MEMORY, cacheTo: [{ type: "local", dest: "CACHE" }] },
  },
  {
    use: "a cache in a folder, read",
    flags: { ...NET, ...READ("CACHE") },
    options: { ...MEMORY, cacheFrom: [{ type: "local", src: "CACHE" }] },
  },
  {
    use: "an OCI layout as a context",
    flags: { ...NET, ...READ("LAYOUT") },
    options: {
      address: ADDRESS,
      contexts: { base: "oci-layout://LAYOUT:latest" },
      dockerfile: "FROM base\n",
    },
  },
  {
    use: "`report`",
    flags: { ...NET, ...BOTH("OUT") },
    options: { ...MEMORY, report: "OUT/report.html" },
  },
  {
    use: "a Docker engine by `DOCKER_HOST`",
    flags: { ...SOCKET("ENGINE"), "--allow-env=DOCKER_HOST": "NO_BUILDER" },
    options: { context: MEMORY.context, dockerfile: MEMORY.dockerfile },
    env: { DOCKER_HOST: "unix://ENGINE" },
  },
  {
    use: "the command with files that it writes",
    flags: {
      "--allow-net=HOST:PORT": "exit 1",
      "--allow-read=CONTEXT": "exit 1",
      "--allow-read=OUT": "exit 1",
      "--allow-write=OUT": "exit 1",
    },
    command: [
      ...["build", "--addr", ADDRESS, "--metadata-file", "OUT/metadata.json"],
      ...["--output", "type=tar,dest=OUT/app.tar", "CONTEXT"],
    ],
  },
  {
    use: "the command",
    flags: { "--allow-net=HOST:PORT": "exit 1", "--allow-read=CONTEXT": "exit 1" },
    command: ["build", "--addr", ADDRESS, "CONTEXT"],
  },
];
