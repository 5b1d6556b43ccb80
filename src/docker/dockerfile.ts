/**
 * A Dockerfile's instructions, as far as a client of the classic builder must know them: to say what that builder can't do before
 * anything is sent, and which registries it will ask for (buildkit frontend/dockerfile/parser).
 */

/** One instruction. */
export interface Instruction {
  /** In upper case; of `ONBUILD RUN x` it is `RUN`. */
  readonly name: string;
  /** Names of its flags, for example `mount` of `--mount=type=cache,target=/x`, and their values. */
  readonly flags: ReadonlyArray<{ readonly name: string; readonly value: string }>;
  readonly args: string;
  /** Where it begins, from 1. */
  readonly line: number;
  /** Whether it has here-documents. */
  readonly heredoc: boolean;
}

const HEREDOC_REGEXP = /(?:^|\s)\d*<<-?(["']?)([A-Za-z_]\w*)\1(?=\s|$)/g;
const MAY_HAVE_HEREDOC = new Set(["ADD", "COPY", "RUN"]);

/** Reads the instructions. What makes no sense is left to the builder, which says so best. */
export function parseDockerfile(text: string): Instruction[] {
  const lines = text.replace(/^\ufeff/, "").split(/\r?\n/);
  const continuation = escapeOf(lines) === "`" ? /`[ \t]*$/ : /\\[ \t]*$/;
  const instructions: Instruction[] = [];
  for (let at = 0; at < lines.length; at++) {
    if (isSkipped(lines[at]!)) continue;
    const start = at;
    let whole = "";
    for (; at < lines.length; at++) {
      const part = lines[at]!;
      // Comments and blank lines do not end an instruction.
      if (at > start && isSkipped(part)) continue;
      whole += part.replace(continuation, "");
      if (!continuation.test(part)) break;
    }
    const instruction = toInstruction(whole.trim(), start + 1);
    at += skipHeredocs(instruction, lines.slice(at + 1));
    instructions.push(instruction);
  }
  return instructions;
}

function isSkipped(line: string): boolean {
  return /^\s*(?:#|$)/.test(line);
}

/** The `escape` directive, which stands above everything else. */
function escapeOf(lines: readonly string[]): string {
  for (const line of lines) {
    const directive = /^\s*#\s*(\w+)\s*=\s*(.+?)\s*$/.exec(line);
    if (directive === null) return "\\";
    if (directive[1]!.toLowerCase() === "escape") return directive[2]!;
  }
  return "\\";
}

function toInstruction(text: string, line: number): Instruction {
  const [, word = "", rest = ""] = /^(\S+)\s*(.*)$/s.exec(text) ?? [];
  if (word.toUpperCase() === "ONBUILD" && rest !== "") return toInstruction(rest, line);
  const name = word.toUpperCase();
  const flags: { name: string; value: string }[] = [];
  let args = rest;
  for (;;) {
    const flag = /^--([\w-]+)(?:=(\S*))?(?:\s+|$)/.exec(args);
    if (flag === null) break;
    flags.push({ name: flag[1]!, value: flag[2] ?? "" });
    args = args.slice(flag[0].length);
  }
  const heredoc = heredocs(name, args).length > 0;
  return { name, flags, args, line, heredoc };
}

/** The words that end the here-documents of an instruction. */
function heredocs(name: string, args: string): string[] {
  if (!MAY_HAVE_HEREDOC.has(name) || args.startsWith("[")) return [];
  return [...args.matchAll(HEREDOC_REGEXP)].map((match) => match[2]!);
}

/** How many lines the here-documents of an instruction take. */
function skipHeredocs({ name, args }: Instruction, following: readonly string[]): number {
  let taken = 0;
  for (const word of heredocs(name, args)) {
    const end = following.findIndex((line, i) => i >= taken && line.replace(/^\t+/, "") === word);
    if (end < 0) return taken;
    taken = end + 1;
  }
  return taken;
}

/** The images that a Dockerfile is built from, as far as they can be told; stages and `scratch` are none. */
export function baseImages(
  instructions: readonly Instruction[],
  buildArgs: Readonly<Record<string, string>>,
): string[] {
  const variables = new Map<string, string>();
  const stages = new Set(["scratch"]);
  const images = new Set<string>();
  const add = (image: string) => {
    const expanded = expand(image, variables);
    const isStage = stages.has(expanded.toLowerCase()) || /^\d+$/.test(expanded);
    if (!isStage && !expanded.includes("$")) images.add(expanded);
  };
  for (const { name, args, flags } of instructions) {
    if (name === "ARG") {
      // Those of a stage are read as well: they hold what the ones above hold.
      for (const [key, value] of argsOf(args)) variables.set(key, buildArgs[key] ?? value);
    } else if (name === "FROM") {
      const [image = "", as, stage] = args.split(/\s+/);
      add(image);
      if (as?.toUpperCase() === "AS" && stage) stages.add(stage.toLowerCase());
    } else {
      for (const flag of flags) if (flag.name === "from") add(flag.value);
    }
  }
  return [...images];
}

function argsOf(args: string): [string, string][] {
  return args.split(/\s+/).map((word) => {
    const [key, ...value] = word.split("=");
    return [key!, value.join("=").replace(/^(["'])(.*)\1$/, "$2")];
  });
}

/** Puts values in for `$X`, `${X}` and `${X:-default}`; what is not known stays. */
function expand(text: string, variables: ReadonlyMap<string, string>): string {
  return text.replace(
    /\$(?:(\w+)|\{(\w+)(?::?-([^}]*))?\})/g,
    (whole, bare: string | undefined, braced: string | undefined, fallback: string | undefined) => {
      return variables.get(bare ?? braced ?? "") || (fallback ?? whole);
    },
  );
}
