/** The clients that are compared: buildctl, buildx, and ours under Deno and under Node. */
import { runOk } from "../tests/support/process.ts";
import type { Tools } from "../tests/support/tools.ts";
import { installBuildx, useBuilder } from "./buildx.ts";
import { equalWork } from "./equal_work.ts";
import type { Command } from "./measure.ts";
import { nodeProgram, type Runtime } from "./runtimes.ts";

/** One build to be done. */
export interface Task {
  context: string;
  /** More folders, by the names under which the Dockerfile uses them. */
  contexts?: Record<string, string>;
  /** As `--output` of all; none keeps only the cache. */
  output?: { type: "local" | "oci"; dest: string };
}

/** The names, in the order in which they are shown. */
export const CLIENT_NAMES = ["buildctl", "buildx", "deno", "node"] as const;

/** A client by name. */
export interface Client {
  name: typeof CLIENT_NAMES[number];
  /** The command for one build. */
  build(task: Task): Command;
  /** The commands for all of `contexts` at once: one process of ours, one each of the others. */
  together(contexts: string[]): Command[];
}

/** The clients for the daemon at `address`, by name; what they need is put into `scratch`. */
export async function makeClients(
  tools: Tools,
  { deno, node }: Record<Runtime["name"], Runtime>,
  address: string,
  scratch: string,
): Promise<Record<Client["name"], Client>> {
  const env = equalWork(scratch);
  const program = await installBuildx();
  await useBuilder(program, address, env);
  return {
    buildctl: buildctl(tools.buildctl, address, env),
    buildx: buildx(program, env),
    deno: ours(deno, address, env),
    node: ours(node, address, env),
  };
}

type Environment = Record<string, string>;

/** buildctl for the daemon at `address`. */
export function buildctl(program: string, address: string, env: Environment): Client {
  const build = ({ context, contexts = {}, output }: Task): Command => ({
    program,
    env,
    args: [
      ...["--addr", address, "build", "--progress=quiet", "--frontend=dockerfile.v0"],
      ...["--local", `context=${context}`, "--local", `dockerfile=${context}`],
      ...Object.entries(contexts).flatMap(([name, folder]) => [
        ...["--opt", `context:${name}=local:${name}`, "--local", `${name}=${folder}`],
      ]),
      ...(output ? ["--output", outputFlag(output)] : []),
    ],
  });
  return { name: "buildctl", build, together: eachOnItsOwn(build) };
}

function buildx(program: string, env: Environment): Client {
  const build = (task: Task): Command => ({
    program,
    env,
    args: ["build", "--progress=quiet", "--provenance=false", ...dockerFlags(task)],
  });
  return { name: "buildx", build, together: eachOnItsOwn(build) };
}

/** Ours in one of the runtimes, for the daemon at `address`. */
export function ours(runtime: Runtime, address: string, env: Environment): Client {
  return {
    name: runtime.name,
    build: (task) => ({
      ...runtime.cli("build", "--addr", address, "--progress=none", ...dockerFlags(task)),
      env,
    }),
    together: (contexts) => [{ ...runtime.script("together", address, ...contexts), env }],
  };
}

/** The flags that our command shares with buildx. */
function dockerFlags({ context, contexts = {}, output }: Task): string[] {
  return [
    ...Object.entries(contexts).map(([name, folder]) => `--build-context=${name}=${folder}`),
    `--output=${output ? outputFlag(output) : "type=cacheonly"}`,
    context,
  ];
}

function outputFlag({ type, dest }: { type: string; dest: string }): string {
  return `type=${type},dest=${dest}`;
}

function eachOnItsOwn(build: Client["build"]): Client["together"] {
  return (contexts) => contexts.map((context) => build({ context }));
}

/** Versions for the record. */
export async function versions(tools: Tools): Promise<Record<string, string>> {
  const { stdout } = await runOk(tools.buildctl, ["--version"]);
  const { stdout: node } = await runOk(await nodeProgram(), ["--version"]);
  const { stdout: buildx } = await runOk(await installBuildx(), ["version"]);
  return {
    buildctl: stdout.trim().split(" ")[2] ?? "",
    buildx: buildx.trim().split(" ")[1] ?? "",
    deno: Deno.version.deno,
    node: node.trim(),
  };
}
