/** `moat-build completion`: a script that lets a shell complete this command's lines. */
import { readCommandTree, type Run } from "./completion/command_tree.ts";
import type { KnownCommand } from "./completion/command_tree.ts";
import { HELP_FLAG, parseFlags } from "./flags.ts";
import { renderHelp } from "./help.ts";
import type { Io } from "./io.ts";
import { UsageError } from "./usage_error.ts";

type Generate = (root: KnownCommand) => string;

const SHELLS: Readonly<Record<string, () => Promise<Generate>>> = {
  bash: async () => (await import("./completion/bash.ts")).bashCompletion,
  zsh: async () => (await import("./completion/zsh.ts")).zshCompletion,
  fish: async () => (await import("./completion/fish.ts")).fishCompletion,
};

const HELP = renderHelp({
  usage: "moat-build completion bash|zsh|fish",
  summary: "Print a script that lets a shell complete moat-build's command lines.",
  groups: { "Flags": HELP_FLAG },
  notes: [
    "bash: moat-build completion bash >/etc/bash_completion.d/moat-build",
    'zsh:  moat-build completion zsh >"${fpath[1]}/_moat-build"',
    "fish: moat-build completion fish >~/.config/fish/completions/moat-build.fish",
  ],
});

/** Runs the command. */
export async function completionCommand(argv: readonly string[], io: Io): Promise<void> {
  const { flags, positionals } = parseFlags(HELP_FLAG, argv);
  if (flags.help) return io.stdout.write(HELP);
  const [shell, ...rest] = positionals;
  if (shell === undefined || rest.length > 0 || !Object.hasOwn(SHELLS, shell)) {
    const problem = shell === undefined ? "completion needs a shell" : "completion takes one shell";
    throw new UsageError(problem, `Known: ${Object.keys(SHELLS).join(", ")}`);
  }
  const { main }: { main: Run } = await import("./main.ts");
  const [root, generate] = [await readCommandTree(main, io), await SHELLS[shell]!()];
  io.stdout.write(generate(root));
}
