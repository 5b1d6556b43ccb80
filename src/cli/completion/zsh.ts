/** Completion for zsh: one call of `_arguments` for each command. */
import { allCommands, flagsOf, type KnownCommand, type KnownFlag } from "./command_tree.ts";

/** The script, for a file named `_moat-build` in a folder of `$fpath`, or for `source`. */
export function zshCompletion(root: KnownCommand): string {
  const commands = allCommands(root);
  const paths = commands.filter(({ path }) => path.length > 0)
    .map(({ path }) => quoted(path.join(" ")));
  return `#compdef moat-build
# zsh completion for moat-build
_moat-build() {
  local called="" word
  local -i i depth=1
  for ((i = 2; i < CURRENT; i++)); do
    word="\${called:+$called }\${words[i]}"
    case "$word" in
      (${paths.join("|")}) called="$word"; depth=i ;;
    esac
  done
  shift $((depth - 1)) words
  ((CURRENT -= depth - 1))
  case "$called" in
${commands.map(caseOf).join("\n")}
  esac
}
if [[ $funcstack[1] == _moat-build ]]; then
  _moat-build "$@"
else
  compdef _moat-build moat-build
fi
`;
}

function caseOf(command: KnownCommand): string {
  const specs = flagsOf(command).map(specOf);
  const rest = command.verbs.length > 0 ? `'1:command:((${verbsOf(command)}))'` : `'*:file:_files'`;
  return `    (${quoted(command.path.join(" "))})
      _arguments -s -S \\
        ${[...specs, rest].join(" \\\n        ")}
      ;;`;
}

function specOf({ name, short, value, help, choices }: KnownFlag): string {
  const what = help.replace(/[[\]\\:]/g, "\\$&").replaceAll("'", "’");
  const action = choices.length > 0 ? `(${choices.join(" ")})` : "_files";
  const message = value?.replace(/[[\]\\:]/g, "\\$&");
  const tail = message === undefined ? "" : `:${message}:${action}`;
  // The star: once given, a flag may be given again.
  const forms = short === undefined ? [`--${name}`] : [`-${short}`, `--${name}`];
  return forms.map((form) => {
    const equals = value !== undefined && form.startsWith("--") ? "=" : "";
    return `'*${form}${equals}[${what}]${tail}'`;
  }).join(" ");
}

function verbsOf({ verbs }: KnownCommand): string {
  return verbs.map(({ path, summary }) => {
    const what = summary.replace(/[\\: ()"$\`;&|<>]/g, "\\$&").replaceAll("'", "’");
    return `${path.at(-1)}\\:${what}`;
  }).join(" ");
}

function quoted(text: string): string {
  return `"${text}"`;
}
