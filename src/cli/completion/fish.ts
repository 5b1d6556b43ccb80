/** Completion for fish: a line for each flag and each command. */
import { allCommands, flagsOf, type KnownCommand, type KnownFlag } from "./command_tree.ts";

/** The script. */
export function fishCompletion(root: KnownCommand): string {
  const commands = allCommands(root);
  const paths = commands.filter(({ path }) => path.length > 0)
    .map(({ path }) => quoted(path.join(" ")));
  return `# fish completion for moat-build
function __moat_build_called
    set -l called ""
    for word in (commandline -opc)[2..]
        set -l longer (string trim "$called $word")
        contains -- $longer ${paths.join(" ")}
        and set called $longer
    end
    test "$called" = "$argv"
end
complete -c moat-build -f
${commands.flatMap(linesOf).join("\n")}
`;
}

function linesOf(command: KnownCommand): string[] {
  const path = command.path.join(" ");
  const line = `complete -c moat-build -n ${quoted(`__moat_build_called ${path}`.trimEnd())}`;
  const verbs = command.verbs.map(({ path, summary }) =>
    `${line} -a ${quoted(path.at(-1)!)} -d ${quoted(summary)}`
  );
  const flags = flagsOf(command).map((flag) => `${line} ${flagOf(flag)}`);
  return [...verbs, ...(verbs.length === 0 ? [`${line} -F`] : []), ...flags];
}

function flagOf({ name, short, value, help, choices }: KnownFlag): string {
  const takes = choices.length > 0
    ? ` -x -a ${quoted(choices.join(" "))}`
    : value === undefined
    ? ""
    : " -r -F";
  return `-l ${name}${short === undefined ? "" : ` -s ${short}`}${takes} -d ${quoted(help)}`;
}

function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, "\\$&")}'`;
}
