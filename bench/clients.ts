/** The clients that are compared: buildctl, and ours under Deno and under Node. */
import process from "node:process";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { runOk } from "../tests/support/process.ts";
import type { Tools } from "../tests/support/tools.ts";
import type { Command } from "./measure.ts";

/** One build to be done. */
export interface Task {
  context: string;
  /** As `--output` of both; none keeps only the cache. */
  output?: { type: "local" | "oci"; dest: string };
}

/** A client by name. */
export interface Client {
  name: "buildctl" | "deno" | "node";
  /** The command for one build. */
  build(task: Task): Command;
  /** The commands for all of `contexts` at once: one process of ours, one each of buildctl. */
  together(contexts: string[]): Command[];
}

const CLI = path("../cli.ts");
const TOGETHER = path("together.ts");
const CONFIG = path("../deno.json");

/** Prepares the clients for the daemon at `address`; the bundle for Node is put into `scratch`. */
export async function makeClients(
  tools: Tools,
  address: string,
  scratch: string,
): Promise<Client[]> {
  const bundle = async (source: string, name: string) => {
    const out = join(scratch, name);
    await runOk(Deno.execPath(), ["bundle", "--quiet", "--external=dockerode", "-o", out, source]);
    return out;
  };
  const [cli, together] = await Promise.all([
    bundle(CLI, "cli.mjs"),
    bundle(TOGETHER, "together.mjs"),
  ]);
  const deno = ["run", "--allow-all", "--config", CONFIG];
  return [
    buildctl(tools.buildctl, address),
    ours("deno", address, [Deno.execPath(), ...deno, CLI], [
      Deno.execPath(),
      ...deno,
      path("together.ts"),
    ]),
    ours("node", address, ["node", cli], ["node", together]),
  ];
}

function buildctl(program: string, address: string): Client {
  const build = ({ context, output }: Task) => ({
    program,
    args: [
      ...["--addr", address, "build", "--progress=quiet", "--frontend=dockerfile.v0"],
      ...["--local", `context=${context}`, "--local", `dockerfile=${context}`],
      ...(output ? ["--output", `type=${output.type},dest=${output.dest}`] : []),
    ],
  });
  return {
    name: "buildctl",
    build,
    together: (contexts) => contexts.map((context) => build({ context })),
  };
}

function ours(name: "deno" | "node", address: string, cli: string[], together: string[]): Client {
  const command = ([program, ...args]: string[], ...more: string[]): Command => ({
    program: program!,
    args: [...args, ...more],
  });
  return {
    name,
    build: ({ context, output }) =>
      command(
        cli,
        ...["build", "--addr", address, "--progress=none", context],
        ...(output
          ? ["--output", `type=${output.type},dest=${output.dest}`]
          : ["--output=type=cacheonly"]),
      ),
    together: (contexts) => [command(together, address, ...contexts)],
  };
}

function path(relative: string): string {
  return fileURLToPath(new URL(relative, import.meta.url));
}

/** Versions for the record. */
export function versions(): Record<string, string> {
  return { deno: Deno.version.deno, v8: Deno.version.v8, node: process.version };
}
