/** Runs a row in a process of its own, under exactly some flags. */
import { fileURLToPath } from "node:url";
import type { Ended } from "./child.ts";
import type { Place } from "./place.ts";
import type { Use } from "./uses.ts";

const ROOT = new URL("../../", import.meta.url);
const path = (name: string): string => fileURLToPath(new URL(name, ROOT));

/** How it ended. */
export interface Tried {
  readonly ended: Ended;
  /** All that it wrote. */
  readonly output: string;
}

/** A text with what is in the place for the names in capitals. */
export function inPlace(text: string, place: Place): string {
  const names = Object.keys(place).sort((a, b) => b.length - a.length);
  return text.replace(RegExp(`(?<![A-Z_])(?:${names.join("|")}|UNIQUE)(?![A-Z_])`, "g"), (name) => {
    return name === "UNIQUE" ? crypto.randomUUID() : place[name]!;
  });
}

/** Tries it. */
export async function tryUse(use: Use, flags: readonly string[], place: Place): Promise<Tried> {
  const deno = [
    "run",
    "--no-prompt",
    "--no-check",
    "--cached-only",
    `--config=${path("deno.json")}`,
  ];
  const granted = flags.map((flag) => inPlace(flag, place));
  const program = use.command === undefined
    ? [path("tests/permissions/child.ts"), inPlace(JSON.stringify(use), place)]
    : [path("cli.ts"), ...use.command.map((arg) => inPlace(arg, place))];
  const env = Object.entries(use.env ?? {}).map(([name, value]) => [name, inPlace(value, place)]);
  // Node's way to start programs gives Deno this process's permissions where no flag is given.
  const { code, stdout: out, stderr: err } = await new Deno.Command(Deno.execPath(), {
    args: [...deno, ...granted, ...program],
    clearEnv: true,
    env: {
      PATH: `${place["BIN"]}:${Deno.env.get("PATH")}`,
      HOME: place["HOME"]!,
      DENO_DIR: place["DENO_DIR"]!,
      ...Object.fromEntries(env),
    },
    stdin: "null",
  }).output();
  const [stdout, stderr] = [out, err].map((bytes) => new TextDecoder().decode(bytes)) as [
    string,
    string,
  ];
  const output = stdout + stderr;
  if (use.command !== undefined) {
    const ended: Ended = code === 0
      ? { ok: true, bytes: 0, log: "" }
      : { ok: false, name: "", code: `exit ${code}`, message: stderr };
    return { ended, output };
  }
  const line = stdout.trim().split("\n").at(-1) ?? "";
  if (!line.startsWith("{")) throw new Error(`${use.use} printed: ${output}`);
  return { ended: JSON.parse(line) as Ended, output };
}
