/**
 * Builds `examples/hello` and runs it: `deno task demo`.
 *
 * The builder is the one that BUILDKIT_HOST names, or that listens at one of BuildKit's usual sockets. Where there is none
 * a private one is installed and started for the demo, together with a registry that holds its base image.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { interruption, run } from "../tests/support/process.ts";
import { startBuilder } from "../tests/support/servers.ts";
import { tempFolder } from "../tests/support/temp_folder.ts";

const interrupted = interruption();
const ROOT = fileURLToPath(new URL("../", import.meta.url));

/** A builder to use, and the base image that it can get at. */
interface Found extends AsyncDisposable {
  readonly address: string;
  /** Undefined: the Dockerfile's own default, from Docker Hub. */
  readonly baseImage: string | undefined;
}

async function main(): Promise<void> {
  await using builder = await findBuilder() ?? await privateBuilder();
  await using folder = tempFolder();
  const args = [
    "build",
    ...["--addr", builder.address],
    ...["--tag", "moat/hello:demo"],
    ...(builder.baseImage === undefined ? [] : ["--build-arg", `BASE=${builder.baseImage}`]),
    ...["--output", "type=image", "--output", `type=local,dest=${join(folder.path, "rootfs")}`],
    ...["--metadata-file", join(folder.path, "metadata.json")],
    "examples/hello",
  ];
  say(`$ moat-build ${args.join(" ")}`);
  const first = await timed(() => moatBuild(args));
  say("\nThe same again, now from the cache:");
  const second = await timed(() => moatBuild(["build", "--quiet", ...args.slice(1)]));
  const metadata = JSON.parse(readFileSync(join(folder.path, "metadata.json"), "utf8"));
  await showImage(join(folder.path, "rootfs"));
  say(`\ndigest        ${metadata["containerimage.digest"]}`);
  say(`first build   ${first} s`);
  say(`second build  ${second} s`);
}

/** A builder as a user's machine would offer it. */
function findBuilder(): Found | undefined {
  const { BUILDKIT_HOST, XDG_RUNTIME_DIR } = process.env;
  const sockets = ["/run", ...(XDG_RUNTIME_DIR ? [XDG_RUNTIME_DIR] : [])]
    .map((folder) => `${folder}/buildkit/buildkitd.sock`)
    .filter((path) => existsSync(path))
    .map((path) => `unix://${path}`);
  const address = BUILDKIT_HOST || sockets[0];
  if (address === undefined) return undefined;
  say(`Using the builder at ${address}`);
  return { address, baseImage: undefined, [Symbol.asyncDispose]: () => Promise.resolve() };
}

async function privateBuilder(): Promise<Found> {
  say("No builder found: BUILDKIT_HOST is not set and no usual socket is there");
  const builder = await startBuilder(say);
  const { address } = builder.buildkitd;
  say(`Started a private builder at ${address}, until the end of this demo`);
  const dispose = () => builder[Symbol.asyncDispose]();
  return { address, baseImage: builder.baseImage, [Symbol.asyncDispose]: dispose };
}

/** Runs the command as a user would. */
async function moatBuild(args: string[]): Promise<void> {
  const { code } = await run(Deno.execPath(), ["run", "--allow-all", "cli.ts", ...args], {
    cwd: ROOT,
    inherit: true,
    signal: interrupted,
  });
  interrupted.throwIfAborted();
  if (code !== 0) throw new Error(`moat-build ended with ${code}`);
}

/** Runs the image's program in its exported files, or shows them where only root could run it. */
async function showImage(rootfs: string): Promise<void> {
  if (process.getuid?.() === 0 && process.platform === "linux") {
    say("\n$ hello      (in the image's files, by chroot)");
    await run("chroot", [rootfs, "/bin/hello"], { inherit: true });
  } else {
    say("\n/bin/hello in the image:");
    say(readFileSync(join(rootfs, "bin/hello"), "utf8"));
  }
}

async function timed(action: () => Promise<void>): Promise<string> {
  const start = performance.now();
  await action();
  return ((performance.now() - start) / 1000).toFixed(2);
}

function say(line: string): void {
  console.log(line);
}

await main();
