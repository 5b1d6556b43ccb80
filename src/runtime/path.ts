/**
 * The functions of node:path that every build calls. Loading that module takes Deno 5 ms, which is a fifth of what a small build
 * may take, so that POSIX paths are treated here; Windows has the original.
 */
import { builtin } from "./builtin.ts";
import { deno } from "./deno.ts";

/** What is here of node:path, doing the same. */
export interface PathFunctions {
  readonly sep: string;
  normalize(path: string): string;
  join(...paths: string[]): string;
  resolve(...paths: string[]): string;
  relative(from: string, to: string): string;
  dirname(path: string): string;
  basename(path: string): string;
  isAbsolute(path: string): boolean;
}

/** Whether paths are those of Windows. */
export const windows: boolean = deno === undefined
  ? globalThis.process.platform === "win32"
  : deno.build.os === "windows";

/** For paths with `/`, on any platform. */
export const posix: PathFunctions = {
  sep: "/",
  normalize,
  join: (...paths) => normalize(paths.filter((path) => path !== "").join("/")),
  resolve,
  relative,
  dirname,
  basename: (path) => trimEnd(path).slice(trimEnd(path).lastIndexOf("/") + 1),
  isAbsolute: (path) => path.startsWith("/"),
};

/** For paths of this platform. */
export const native: PathFunctions = windows ? builtin("path") : posix;

function normalize(path: string): string {
  if (path === "") return ".";
  const absolute = path.startsWith("/");
  const names = shortest(path, absolute).join("/");
  const slash = path.endsWith("/") ? "/" : "";
  if (names === "") return absolute ? "/" : `.${slash}`;
  return `${absolute ? "/" : ""}${names}${slash}`;
}

/** The names of a path, those taken out that another one's `..` undoes. */
function shortest(path: string, absolute: boolean): string[] {
  const names: string[] = [];
  for (const name of path.split("/")) {
    if (name === "" || name === ".") continue;
    if (name !== "..") names.push(name);
    else if (names.length > 0 && names.at(-1) !== "..") names.pop();
    else if (!absolute) names.push("..");
  }
  return names;
}

function resolve(...paths: string[]): string {
  let whole = "";
  for (let i = paths.length - 1; i >= 0 && !whole.startsWith("/"); i--) {
    if (paths[i] !== "") whole = whole === "" ? paths[i]! : `${paths[i]}/${whole}`;
  }
  if (!whole.startsWith("/")) whole = `${workingDirectory()}/${whole}`;
  return `/${shortest(whole, true).join("/")}`;
}

function workingDirectory(): string {
  return deno === undefined ? globalThis.process.cwd() : deno.cwd();
}

function relative(from: string, to: string): string {
  const [start, end] = [from, to].map((path) => shortest(resolve(path), true)) as [
    string[],
    string[],
  ];
  let common = 0;
  while (common < start.length && start[common] === end[common]) common++;
  return [...start.slice(common).map(() => ".."), ...end.slice(common)].join("/");
}

function dirname(path: string): string {
  const whole = trimEnd(path);
  const slash = whole.lastIndexOf("/");
  if (slash < 1) return path.startsWith("/") ? "/" : ".";
  return slash === 1 && path.startsWith("/") ? "//" : whole.slice(0, slash);
}

/** Without slashes at its end. */
function trimEnd(path: string): string {
  let end = path.length;
  while (end > 0 && path[end - 1] === "/") end--;
  return path.slice(0, end);
}
