/** The option `ssh`. */
import { OptionError, PermissionError } from "../errors.ts";
import { show } from "../options.ts";
import { DEFAULT_SSH_ID, sshHandlers } from "../session/ssh.ts";
import type { Answer } from "../ssh/connection.ts";
import type { BuildOptions, Logger, SshSource } from "../types.ts";
import type { BuildPart, MakePart, PartScope } from "./part.ts";
import { openSshSource } from "./ssh_source.ts";

/** Has what the option names answer; without the option, the agent, which a context in git over SSH may need. */
export const sshPart: MakePart = async ({ ssh }, scope) => {
  if (ssh === undefined) return await agentIfThereIsOne(scope);
  const answers = new Map<string, Answer>();
  for (const [id, source] of Object.entries(sourcesOf(ssh))) {
    checkId(id);
    answers.set(id, told(id, await openSshSource(`ssh.${id}`, source, scope), scope.logger));
  }
  return { handlers: sshHandlers(answers) };
};

function sourcesOf(ssh: NonNullable<BuildOptions["ssh"]>): Readonly<Record<string, SshSource>> {
  if (ssh === true) return { [DEFAULT_SSH_ID]: {} };
  if (typeof ssh === "object" && ssh !== null && !Array.isArray(ssh)) return ssh;
  throw new OptionError("ssh", `${show(ssh)} is neither true nor sources by id`, "true");
}

/** The daemon sends ids as headers, which are ASCII. */
function checkId(id: string): void {
  if (/^[\x21-\x7e]+$/.test(id)) return;
  throw new OptionError("ssh", `${show(id)} is no id; it is of ASCII without blanks`, "default");
}

/** Nobody asked for the agent: without one, the build goes on, and git says what it lacks. */
async function agentIfThereIsOne(scope: PartScope): Promise<BuildPart> {
  try {
    return await sshPart({ ssh: true }, scope);
  } catch (error) {
    if (!(error instanceof OptionError || error instanceof PermissionError)) throw error;
    scope.logger?.debug?.(`No SSH agent for the git context: ${error.message}`);
    return {};
  }
}

/** The daemon says nothing of a connection that failed here. */
function told(id: string, answer: Answer, logger: Logger | undefined): Answer {
  return async (connection) => {
    try {
      await answer(connection);
    } catch (error) {
      if (!connection.signal.aborted) logger?.warn?.(`ssh ${id}: ${(error as Error).message}`);
      throw error;
    }
  };
}
