/** The builder's frontend is older than what is asked of it (frontend/dockerui, "frontend.caps"). */
import type { Diagnosis, Failure } from "./failure.ts";

/** What capabilities are, as the user knows them. */
const CAPABILITIES: Readonly<Record<string, string>> = {
  "moby.buildkit.frontend.contexts": "contexts with names",
  "moby.buildkit.frontend.gitquerystring": "queries in the URLs of git repositories",
  "moby.buildkit.frontend.subrequests": "questions about a Dockerfile",
  "moby.buildkit.frontend.inputs": "results of other builds",
};

/** Recognises a capability that the frontend lacks. */
export function oldFrontend({ message }: Failure): Diagnosis | undefined {
  const name = /unsupported frontend capability (\S+)/.exec(message)?.[1];
  if (name === undefined) return undefined;
  return {
    code: "FRONTEND_TOO_OLD",
    summary: `the builder's Dockerfile frontend is too old for ${CAPABILITIES[name] ?? name}`,
    suggestions: [
      'Write "# syntax=docker/dockerfile:1" as the Dockerfile\'s first line, to have a newer frontend loaded, or use a newer builder.',
    ],
  };
}
