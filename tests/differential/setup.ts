/** Lays out a case's context: its files with fixed modes and times, and what git cannot hold. */
import {
  chmodSync,
  copyFileSync,
  linkSync,
  lutimesSync,
  mkdirSync,
  readdirSync,
  renameSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { runOk } from "../support/process.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { type Case, CASE_FILE } from "./case.ts";

/** One thing to make, in the order of the list. Paths are relative to the context; parents are made. Modes are octal. */
export type SetupStep =
  /** A file whose text is repeated, with `{n}` counting from 1. `mtime` is in seconds. */
  | { file: string; text: string; repeat?: number; mode?: string; mtime?: number }
  /** `count` small files; `{n}` in the path counts from 1. */
  | { files: string; count: number }
  | { directory: string; mode?: string }
  | { symlink: string; at: string }
  | { hardlink: string; at: string }
  | { fifo: string }
  | { device: string; kind: "b" | "c"; major: number; minor: number }
  | { socket: string }
  /** A tar archive that holds these files. */
  | { tar: string; holds: Record<string, string>; gzip?: boolean };

/** Before the builds' epoch, so that times in the image are those of the files. */
const FIRST_SECOND = 1_600_000_000;

/** Lays the context of a case out in an empty folder. */
export async function layOut(test: Case, folder: string): Promise<void> {
  copyTree(test.folder, folder);
  const late: Array<() => void> = [];
  for (const step of test.options.setup ?? []) await apply(step, folder, late);
  setTimes(folder);
  for (const action of late) action();
}

/** Copies a case's files; modes do not depend on the umask of whoever cloned the repository. */
function copyTree(from: string, to: string): void {
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    if (entry.name === CASE_FILE) continue;
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) {
      mkdirSync(target);
      copyTree(source, target);
    } else {
      copyFileSync(source, target);
      chmodSync(target, statSync(source).mode & 0o100 ? 0o755 : 0o644);
    }
  }
}

/** Does one step; what would hinder later steps or be undone by them goes to `late`. */
async function apply(step: SetupStep, folder: string, late: Array<() => void>): Promise<void> {
  const at = (path: string) => {
    const target = join(folder, path);
    mkdirSync(dirname(target), { recursive: true });
    return target;
  };
  if ("file" in step) {
    const path = at(step.file);
    writeFileSync(path, textOf(step));
    const { mode = "0644", mtime } = step;
    late.push(() => chmodSync(path, parseInt(mode, 8)));
    if (mtime !== undefined) late.push(() => utimesSync(path, mtime, mtime));
  } else if ("files" in step) {
    for (let n = 1; n <= step.count; n++) {
      writeFileSync(at(step.files.replaceAll("{n}", `${n}`)), `${n}\n`);
    }
  } else if ("directory" in step) {
    const path = at(step.directory);
    mkdirSync(path, { recursive: true });
    const { mode = "0755" } = step;
    late.push(() => chmodSync(path, parseInt(mode, 8)));
  } else if ("symlink" in step) {
    symlinkSync(step.symlink, at(step.at));
  } else if ("hardlink" in step) {
    linkSync(join(folder, step.hardlink), at(step.at));
  } else if ("fifo" in step) {
    await runOk("mkfifo", [at(step.fifo)]);
  } else if ("device" in step) {
    await runOk("mknod", [at(step.device), step.kind, `${step.major}`, `${step.minor}`]);
  } else if ("socket" in step) {
    await makeSocket(at(step.socket));
  } else {
    await makeTar(at(step.tar), step.holds, step.gzip ?? false);
  }
}

function textOf({ text, repeat = 1 }: { text: string; repeat?: number }): string {
  if (!text.includes("{n}")) return text.repeat(repeat);
  return Array.from({ length: repeat }, (_, index) => text.replaceAll("{n}", `${index + 1}`)).join(
    "",
  );
}

/** A socket that stays: its server would remove it under its first name. */
async function makeSocket(path: string): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(`${path}.bound`, resolve));
  renameSync(`${path}.bound`, path);
  await new Promise((resolve) => server.close(resolve));
}

async function makeTar(path: string, holds: Record<string, string>, gzip: boolean): Promise<void> {
  await using folder = tempFolder();
  for (const [name, text] of Object.entries(holds)) {
    const file = join(folder.path, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    utimesSync(file, FIRST_SECOND, FIRST_SECOND);
  }
  await runOk("tar", [gzip ? "-czf" : "-cf", path, "-C", folder.path, "."]);
}

/** Gives every entry a time of its own, in milliseconds, which every platform keeps. */
function setTimes(folder: string): void {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
  for (const [index, path] of paths.entries()) {
    const seconds = FIRST_SECOND + index + 0.125;
    lutimesSync(join(folder, path), seconds, seconds);
  }
}
