/** Storage of the two clouds on free ports: s3rver speaks S3, Azurite is Azure's own emulator. Both from npm, with Node. */
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { once, runOk, startDaemon } from "./process.ts";
import { fastParent, tempFolder } from "./temp_folder.ts";

const PACKAGES = { s3rver: "3.7.1", azurite: "3.35.0" };

/** A running service. */
export interface CloudStorage extends AsyncDisposable {
  /** `http://127.0.0.1:port` */
  readonly url: string;
}

/** The keys that s3rver takes, and the account that Azurite has. */
export const S3_KEYS = { accessKeyId: "S3RVER", secretAccessKey: "S3RVER" };
export const AZURE_ACCOUNT = "devstoreaccount1";
/** In Azurite's documentation; opens nothing else. */
export const AZURE_KEY = [
  "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq",
  "K1SZFPTOtr/KBHBeksoGMGw==",
].join("/");

/** Starts S3 with one empty bucket. */
export function startS3(bucket: string): Promise<CloudStorage> {
  const args = ["--address", "127.0.0.1", "--port", "0", "--configure-bucket", bucket];
  return startService("s3rver", (data) => [...args, "--directory", data], /on 127\.0\.0\.1:(\d+)/);
}

/** Starts Azure's blob storage. */
export function startAzure(): Promise<CloudStorage> {
  const args = ["--blobHost", "127.0.0.1", "--blobPort", "0", "--disableTelemetry"];
  const more = ["--skipApiVersionCheck", "--inMemoryPersistence"];
  return startService(
    "azurite-blob",
    () => [...args, ...more],
    /successfully listens on http:\/\/127\.0\.0\.1:(\d+)/,
  );
}

async function startService(
  program: string,
  args: (data: string) => string[],
  listening: RegExp,
): Promise<CloudStorage> {
  const programs = await installPrograms();
  const folder = tempFolder(fastParent());
  const data = join(folder.path, "data");
  mkdirSync(data);
  let port: string | undefined;
  try {
    const daemon = await startDaemon({
      command: join(programs, program),
      args: args(data),
      logFile: join(folder.path, "log"),
      ready: (log) => Promise.resolve((port = listening.exec(log)?.[1]) !== undefined),
    });
    const stop = once(async () => {
      await daemon.stop();
      await folder[Symbol.asyncDispose]();
    });
    return { url: `http://127.0.0.1:${port}`, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await folder[Symbol.asyncDispose]();
    throw error;
  }
}

/** Installs both once, in the user's cache; returns the folder of their programs. */
async function installPrograms(): Promise<string> {
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "moat-build");
  const names = Object.entries(PACKAGES).map(([name, version]) => `${name}@${version}`);
  const folder = join(cache, names.join("-"));
  mkdirSync(cache, { recursive: true });
  const lock = await Deno.open(`${folder}.lock`, { create: true, write: true });
  try {
    await lock.lock(true);
    if (!existsSync(folder)) await npmInstall(names, cache, folder);
  } finally {
    lock.close();
  }
  return join(folder, "node_modules/.bin");
}

async function npmInstall(names: string[], cache: string, folder: string): Promise<void> {
  console.error(`Installing ${names.join(" and ")} with npm: once`);
  const partial = mkdtempSync(join(cache, "partial-"));
  try {
    const quiet = ["--no-audit", "--no-fund", "--no-save", "--ignore-scripts", "--loglevel=error"];
    await runOk("npm", ["install", "--prefix", partial, ...quiet, ...names], { cwd: partial });
    renameSync(partial, folder);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}
