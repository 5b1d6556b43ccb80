/** A user's machine in small: what a build shares, and what is beside it. */
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { tempFolder } from "../support/temp_folder.ts";

/** In everything that no build may give away. */
export const CANARY = "canary-5f0c1a";

/** Folders of one attack. */
export interface World extends AsyncDisposable {
  readonly path: string;
  /** Has `Dockerfile`, `a.txt`, `sub/b.txt`, and links that lead out: `up`, `up.txt`, `abs`. */
  readonly context: string;
  /** Where results go; empty. */
  readonly out: string;
  /** What is to be ended with it. */
  readonly ends: Array<() => void>;
  /** Everything but `out`: paths with what is there. */
  snapshot(): Record<string, string>;
}

/** Makes them, with a file of canaries in each place that is not shared. */
export function world(): World {
  const folder = tempFolder();
  const { path } = folder;
  const at = (...names: string[]) => join(path, ...names);
  for (const name of ["context/sub", "outside/deep", "out", "docker", "cache"]) {
    mkdirSync(at(name), { recursive: true });
  }
  writeFileSync(at("context/Dockerfile"), "FROM scratch\nCOPY . /\n");
  writeFileSync(at("context/a.txt"), "a");
  writeFileSync(at("context/sub/b.txt"), "b".repeat(CANARY.length));
  symlinkSync("../outside", at("context/up"));
  symlinkSync("../outside/secret.txt", at("context/up.txt"));
  symlinkSync(at("outside"), at("context/abs"));
  writeFileSync(at("outside/secret.txt"), CANARY);
  writeFileSync(at("outside/b.txt"), CANARY);
  writeFileSync(at("outside/deep/secret.txt"), CANARY);
  const auth = btoa(`user:${CANARY}`);
  writeFileSync(
    at("docker/config.json"),
    JSON.stringify({ auths: { "registry.example": { auth }, "other.example:5000": { auth } } }),
  );
  const ends: Array<() => void> = [];
  return {
    path,
    context: at("context"),
    out: at("out"),
    ends,
    snapshot: () => snapshot(path),
    async [Symbol.asyncDispose]() {
      for (const end of ends) end();
      await folder[Symbol.asyncDispose]();
    },
  };
}

function snapshot(root: string): Record<string, string> {
  const found: Record<string, string> = {};
  const walk = (folder: string) => {
    for (const name of readdirSync(join(root, folder)).sort()) {
      const path = join(folder, name);
      if (path === "out") continue;
      const stat = lstatSync(join(root, path));
      const mode = stat.mode.toString(8);
      if (stat.isDirectory()) {
        found[path] = mode;
        walk(path);
      } else if (stat.isSymbolicLink()) found[path] = `-> ${readlinkSync(join(root, path))}`;
      else if (stat.isFile()) {
        found[path] = `${mode} ${stat.nlink} ${readFileSync(join(root, path), "latin1")}`;
      } else found[path] = mode;
    }
  };
  walk("");
  return found;
}
