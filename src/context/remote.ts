/** Contexts that the builder loads itself (frontend/dockerfile/dfgitutil, frontend/dockerui/context.go). */
import { OptionError } from "../errors.ts";
import { look } from "./look.ts";

/** A repository or a download. */
export interface RemoteSource {
  readonly kind: "git" | "http";
  /** As the builder is to be told. */
  readonly url: string;
  /** Whether the URL has a query, which for git only newer frontends understand. */
  readonly hasQuery: boolean;
}

const SCP_REGEXP = /^[\w-]+@[A-Za-z0-9.-]+:/;
const EXAMPLE = '"https://github.com/owner/app.git#main"';

/**
 * Tells a remote context from a folder, as the daemon does: `git://`, `ssh://`, `user@host:path` and `github.com/...` are git,
 * `http(s)://` is git where the path ends in `.git`. `./` never is remote, nor is a folder that exists, for those forms that
 * look like one.
 *
 * @returns undefined for what is a path
 * @throws {OptionError} if it is a URL that can't be one
 */
export function parseRemote(source: string | URL, option: string): RemoteSource | undefined {
  const text = String(source);
  const scheme = /^(git|ssh|https?):\/\//i.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined) {
    const git = SCP_REGEXP.test(text) || text.startsWith("github.com/");
    if (!git || look(text, option)?.isDirectory) return undefined;
    return { kind: "git", url: text, hasQuery: hasQuery(text) };
  }
  // The daemon knows schemes in lower case only.
  const url = scheme + text.slice(scheme.length);
  // Parsing removes the white space that the daemon would be sent.
  const parsed = URL.canParse(url) && !/\p{Cc}|\s$/u.test(url) ? new URL(url) : undefined;
  if (parsed === undefined || parsed.hostname === "") {
    throw new OptionError(option, `"${hideCredentials(text)}" is not a valid URL`, EXAMPLE);
  }
  const kind = scheme.startsWith("http") && !parsed.pathname.endsWith(".git") ? "http" : "git";
  return { kind, url, hasQuery: hasQuery(url) };
}

/** A URL without a password, nor a user where that may be a token; text that is no URL stays. */
export function hideCredentials(url: string): string {
  return url.replace(
    /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)@/i,
    (_, scheme: string, user: string) =>
      /^http/i.test(scheme) ? `${scheme}://` : `${scheme}://${user.replace(/:.*$/, "")}@`,
  );
}

function hasQuery(url: string): boolean {
  return /^[^#]*\?./.test(url);
}
