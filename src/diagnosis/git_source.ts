/** A git repository that the builder can't load, as the context or by an `ADD`: what git said tells why (source/git). */
import type { BuildErrorCode, Diagnosis, Failure } from "./failure.ts";

const GIT_REGEXP =
  /\bgit stderr:|repository does not contain ref|^failed to read dockerfile: invalid subdir|: invalid subdir/;

/** Each reason: what git says, and what is made of the part in quotes. */
const REASONS: readonly {
  readonly says: RegExp;
  readonly code: BuildErrorCode;
  readonly summary: (what: string) => string;
  readonly suggestions: (what: string) => string[];
}[] = [
  {
    says: /could not read (?:Username|Password) for '([^']*)'|Authentication failed for '([^']*)'/,
    code: "GIT_DENIED",
    summary: (url) => `${hostOf(url)} wants a login for the repository, or refuses the one it got`,
    suggestions: (url) => [
      `Give the build a token as the secret GIT_AUTH_TOKEN.${hostOf(url)} ` +
      `(--secret id=GIT_AUTH_TOKEN.${hostOf(url)},env=VARIABLE).`,
      "A private repository looks like this, too, where its name is wrong.",
    ],
  },
  {
    says: /(?:^|\n)(\S+): Permission denied \(/,
    code: "GIT_DENIED",
    summary: (who) => `${who} accepts none of the SSH keys`,
    suggestions:
      () => ["Check that the agent holds a key for it (ssh-add -l), and give it: --ssh."],
  },
  {
    says: /repository '([^']*)' not found/,
    code: "GIT_NOT_FOUND",
    summary: (url) => `there is no repository ${url}`,
    suggestions: () => ["Check the address; some servers say so where a login is missing, too."],
  },
  {
    says: /repository does not contain ref ([^,\s]+)|reference is not a tree: (\S+)/,
    code: "GIT_NOT_FOUND",
    summary: (ref) => `the repository has no branch, tag or commit ${ref}`,
    suggestions: (ref) => [
      ref === "master"
        ? "Name the branch after # in the address: builders of old take master where none is named."
        : "Check what stands after # in the address: a ref, then : and a folder.",
    ],
  },
  {
    says: /invalid subdir ([^:]+):/,
    code: "GIT_NOT_FOUND",
    summary: (folder) => `the repository has no folder ${folder}`,
    suggestions: () => ["Check what stands after # in the address: a ref, then : and a folder."],
  },
  {
    says:
      /unable to access '([^']*)'|unable to connect to (\S+):|(?:^|\n)ssh: .* host(?:name)? ([^\s:]+)/i,
    code: "GIT_UNREACHABLE",
    summary: (url) => `the builder can't reach ${hostOf(url)}`,
    suggestions: () => [
      "It is the builder that connects, not this machine: check the address, and the builder's network.",
    ],
  },
];

/** Recognises a repository that can't be loaded. */
export function gitSource({ message }: Failure): Diagnosis | undefined {
  if (!GIT_REGEXP.test(message)) return undefined;
  for (const { says, code, summary, suggestions } of REASONS) {
    const found = says.exec(message);
    if (found === null) continue;
    const what = found.slice(1).find((part) => part !== undefined) ?? "";
    return { code, summary: summary(what), suggestions: suggestions(what) };
  }
  return undefined;
}

function hostOf(url: string): string {
  return /:\/\//.test(url) && URL.canParse(url) ? new URL(url).host : url;
}
