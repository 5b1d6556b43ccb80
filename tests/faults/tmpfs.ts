/** A small file system in memory. */
import { runOk } from "../support/process.ts";
import { fastParent, tempFolder } from "../support/temp_folder.ts";

/** A mounted file system. */
export interface Tmpfs extends AsyncDisposable {
  readonly path: string;
  /** Makes it as large as so many MiB. */
  resize(mebibytes: number): Promise<void>;
}

/** Mounts one that holds so many MiB. Needs root. */
export async function mountTmpfs(mebibytes: number): Promise<Tmpfs> {
  const folder = tempFolder(fastParent());
  const { path } = folder;
  try {
    await runOk("mount", ["-t", "tmpfs", "-o", `size=${mebibytes}m`, "tmpfs", path]);
  } catch (error) {
    await folder[Symbol.asyncDispose]();
    throw error;
  }
  return {
    path,
    async resize(size) {
      await runOk("mount", ["-o", `remount,size=${size}m`, path]);
    },
    async [Symbol.asyncDispose]() {
      await runOk("umount", ["-l", path]);
      await folder[Symbol.asyncDispose]();
    },
  };
}
