/** The builder's frontend is older than what is asked of it (frontend/dockerui, "frontend.caps"). */
import type { Diagnosis, Failure } from "./failure.ts";
import { inHeredoc, readDockerfile } from "./stages.ts";

/** What capabilities are, as the user knows them. */
const CAPABILITIES: Readonly<Record<string, string>> = {
  "moby.buildkit.frontend.contexts": "contexts with names (BuildKit v0.10)",
  "moby.buildkit.frontend.gitquerystring": "queries in the URLs of git repositories",
  "moby.buildkit.frontend.subrequests": "questions about a Dockerfile",
  "moby.buildkit.frontend.inputs": "results of other builds",
};

/** What older frontends can't read, and the first BuildKit that can (frontend/dockerfile/instructions, parser). */
function newerSyntax({ message, facts }: Failure): string | undefined {
  if (/unexpected key 'env' in /.test(message)) return "secrets as variables (BuildKit v0.16)";
  const line = /parse error line (\d+): unknown instruction/.exec(message)?.[1];
  if (line === undefined || !inHeredoc(readDockerfile(facts) ?? "", Number(line))) return undefined;
  return "files within the Dockerfile (BuildKit v0.10)";
}

/** Recognises a capability that the frontend lacks, and what it can't read. */
export function oldFrontend(failure: Failure): Diagnosis | undefined {
  const name = /unsupported frontend capability (\S+)/.exec(failure.message)?.[1];
  const what = name === undefined ? newerSyntax(failure) : CAPABILITIES[name] ?? name;
  if (what === undefined) return undefined;
  return {
    code: "FRONTEND_TOO_OLD",
    summary: `the builder's Dockerfile frontend is too old for ${what}`,
    suggestions: [
      'Write "# syntax=docker/dockerfile:1" as the Dockerfile\'s first line, to have a newer frontend loaded, or use a newer builder.',
    ],
  };
}
