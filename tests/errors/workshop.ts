/** Everything that the broken builds need: builders, registries of several moods, and the names that stand for them. */
import { build } from "../../src/build.ts";
import { startBuildkitd } from "../support/buildkitd.ts";
import type { TestEnvironment } from "../support/env.ts";
import { runOk } from "../support/process.ts";
import { startRegistry } from "../support/registry.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { startFakeRegistry } from "./fake_registry.ts";

/** Nothing listens there. */
const CLOSED = "127.0.0.1:1";

/** The servers, running. */
export interface Workshop extends AsyncDisposable {
  /** The builder for almost everything. */
  readonly address: string;
  /** One that grants nothing. */
  readonly strictAddress: string;
  /** One with a disk of 48 MiB. */
  readonly smallAddress: string;
  /** Names for what differs from run to run, as `{{NAME}}` stands for it in a Dockerfile. */
  readonly names: Readonly<Record<string, string>>;
}

/** Starts everything. */
export async function openWorkshop(environment: TestEnvironment): Promise<Workshop> {
  const { tools, registry, baseImage, address } = environment;
  await using stack = new AsyncDisposableStack();
  const locked = stack.use(await startRegistry({ tools, auth: true }));
  const fake = stack.use(await startFakeRegistry());
  const insecureRegistries = [registry, locked.host, fake.host, CLOSED];
  const daemon = { tools, insecureRegistries };
  const builder = stack.use(await startBuildkitd(daemon));
  const strict = stack.use(await startBuildkitd({ ...daemon, entitlements: [] }));
  const disk = stack.use(tempFolder());
  await runOk("mount", ["-t", "tmpfs", "-o", "size=48m", "tmpfs", disk.path]);
  stack.defer(async () => void await runOk("umount", [disk.path]));
  const small = stack.use(await startBuildkitd({ ...daemon, root: disk.path }));
  await build({
    address,
    context: {},
    dockerfile: "FROM scratch\nLABEL a=b\n",
    platforms: ["linux/amd64", "linux/arm64"],
    tags: [`${registry}/moat/two-platforms:1`],
    output: { type: "image", push: true, insecure: true },
  });
  const owned = stack.move();
  return {
    address: builder.address,
    strictAddress: strict.address,
    smallAddress: small.address,
    names: {
      base: baseImage,
      registry,
      locked: locked.host,
      fake: fake.host,
      closed: CLOSED,
      escape: "\x1b",
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
