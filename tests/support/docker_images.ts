/** What is in a Docker engine's image store: run, unpacked, described. By dockerode, as users of the engine would. */
import { createHash } from "node:crypto";
import { createWriteStream, lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import http from "node:http";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { finished } from "node:stream/promises";
import Dockerode from "dockerode";
import { runOk } from "./process.ts";
import { tempFolder } from "./temp_folder.ts";

/** An image's configuration, as far as builds set it. */
export interface ImageConfig {
  readonly Id: string;
  readonly RepoTags: string[] | null;
  readonly Config: Record<string, unknown>;
}

interface Container {
  start(): Promise<void>;
  wait(): Promise<{ StatusCode: number }>;
  logs(options: { stdout: true; stderr: true }): Promise<Uint8Array>;
  export(): Promise<Readable>;
  remove(options: { force: true }): Promise<void>;
}

interface Docker {
  createContainer(options: Record<string, unknown>): Promise<Container>;
  listImages(
    options?: { all?: boolean },
  ): Promise<Array<{ Id: string; RepoTags: string[] | null }>>;
  listContainers(options: { all: true }): Promise<unknown[]>;
  getImage(name: string): {
    inspect(): Promise<ImageConfig>;
    tag(options: { repo: string; tag: string }): Promise<unknown>;
    remove(options: { force: true }): Promise<unknown>;
  };
}

/** The API of the engine at `unix:///...`. */
export function docker(host: string): Docker {
  const agent = new http.Agent({ keepAlive: false });
  return new (Dockerode as unknown as new (options: unknown) => Docker)({
    socketPath: host.replace("unix://", ""),
    agent,
  });
}

/** Runs an image and returns what it prints. */
export async function runImage(host: string, image: string, command?: string[]): Promise<string> {
  const container = await docker(host).createContainer({
    Image: image,
    // A terminal's output comes without framing.
    Tty: true,
    HostConfig: { NetworkMode: "none" },
    ...(command && { Cmd: command }),
  });
  try {
    await container.start();
    await container.wait();
    const bytes = await container.logs({ stdout: true, stderr: true });
    return new TextDecoder().decode(bytes).replaceAll("\r\n", "\n");
  } finally {
    await container.remove({ force: true });
  }
}

/** All files of an image by path, each with what tells it from another, and the part of its configuration that builds set. */
export async function describeImage(host: string, image: string): Promise<Record<string, string>> {
  const api = docker(host);
  await using folder = tempFolder();
  const archive = join(folder.path, "image.tar");
  const container = await api.createContainer({ Image: image, Cmd: ["x"] });
  try {
    await finished((await container.export()).pipe(createWriteStream(archive)));
  } finally {
    await container.remove({ force: true });
  }
  await using unpacked = tempFolder();
  await runOk("tar", ["-xf", archive, "-C", unpacked.path, "--numeric-owner", "-p"]);
  return {
    ...describeFiles(unpacked.path),
    config: describeConfig(await api.getImage(image).inspect()),
  };
}

const FIELDS = [
  "Cmd",
  "Entrypoint",
  "Env",
  "ExposedPorts",
  "Labels",
  "User",
  "Volumes",
  "WorkingDir",
];

function describeConfig({ Config }: ImageConfig): string {
  // What is empty is left out by some and said by others.
  const said = FIELDS.map((name) => [name, Config[name]] as const)
    .filter(([name, value]) => value && Object.keys(value).length > 0 && !isDefault(name, value));
  return JSON.stringify(Object.fromEntries(said));
}

function isDefault(name: string, value: unknown): boolean {
  return name === "WorkingDir" && value === "/";
}

/** Paths are joined as bytes would be: names that are no UTF-8 are none of our business here. */
function describeFiles(root: string): Record<string, string> {
  const names = readdirSync(root, { recursive: true, encoding: "utf8" }).sort();
  return Object.fromEntries(names.map((name) => [name, describeFile(join(root, name))]));
}

function describeFile(path: string): string {
  const stat = lstatSync(path);
  const content = stat.isSymbolicLink()
    ? readlinkSync(path)
    : stat.isFile()
    ? createHash("sha256").update(readFileSync(path)).digest("hex")
    : "";
  return `${stat.mode.toString(8)} ${stat.uid}:${stat.gid} ${
    stat.isFile() ? stat.size : ""
  } ${content}`;
}
