/** Completion for bash: a function over the words of the line, and file names where it has nothing to say. */
import { allCommands, flagsOf, type KnownCommand } from "./command_tree.ts";

/** The script. */
export function bashCompletion(root: KnownCommand): string {
  const commands = allCommands(root);
  const paths = commands.filter(({ path }) => path.length > 0).map(({ path }) => `"${key(path)}"`);
  return `# bash completion for moat-build
_moat_build() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}"
  local path="" word flags="" valued="" verbs="" i
  # bash takes --flag=value for three words.
  if [[ $cur == "=" ]]; then
    cur=""
  elif [[ $prev == "=" ]]; then
    prev="\${COMP_WORDS[COMP_CWORD-2]}"
  fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${path:+$path }\${COMP_WORDS[i]}"
    case "$word" in
      ${paths.join(" | ")}) path="$word" ;;
    esac
  done
  case "$path" in
${commands.map(caseOf).join("\n")}
  esac
  case "$path $prev" in
${commands.flatMap(choicesOf).join("\n")}
  esac
  COMPREPLY=()
  case " $valued " in
    *" $prev "*) return ;;
  esac
  case "$cur" in
    -*) mapfile -t COMPREPLY < <(compgen -W "$flags" -- "$cur") ;;
    *) [[ -z $verbs ]] || mapfile -t COMPREPLY < <(compgen -W "$verbs" -- "$cur") ;;
  esac
}
complete -o default -F _moat_build moat-build
`;
}

function key(path: readonly string[]): string {
  return path.join(" ");
}

function forms(flags: ReturnType<typeof flagsOf>): string {
  return flags.flatMap(({ name, short }) => [`--${name}`, ...(short ? [`-${short}`] : [])])
    .join(" ");
}

function caseOf(command: KnownCommand): string {
  const flags = flagsOf(command);
  const valued = flags.filter(({ value }) => value !== undefined);
  const verbs = command.verbs.map(({ path }) => path.at(-1)!);
  return `    "${key(command.path)}")
      flags="${forms(flags)}"
      valued="${forms(valued)}"
      verbs="${verbs.join(" ")}"
      ;;`;
}

function choicesOf(command: KnownCommand): string[] {
  return flagsOf(command).filter(({ choices }) => choices.length > 0).map((flag) => {
    const patterns = forms([flag]).split(" ").map((form) => `"${key(command.path)} ${form}"`);
    const words = `compgen -W "${flag.choices.join(" ")}" -- "$cur"`;
    return `    ${patterns.join(" | ")}) mapfile -t COMPREPLY < <(${words}); return ;;`;
  });
}
