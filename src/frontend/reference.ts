/** Image names, normalised as Docker does (distribution/reference). */
import { OptionError } from "../errors.ts";

const DOMAIN_COMPONENT = "(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])";
const DOMAIN_REGEXP = new RegExp(
  `^(?:${DOMAIN_COMPONENT}(?:\\.${DOMAIN_COMPONENT})*|\\[[0-9a-fA-F:]+\\])(?::[0-9]+)?$`,
);
const PATH_REGEXP =
  /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;
const TAG_REGEXP = /^[\w][\w.-]{0,127}$/;
const DIGEST_REGEXP = /^(?:sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128})$/;
/** Docker takes these for the ids of images. */
const ID_REGEXP = /^[0-9a-f]{64}$/;
const EXAMPLE = "registry.example/team/app:1.2";
const MAX_PATH_LENGTH = 255;

/**
 * The full form of an image's name: `app` becomes `docker.io/library/app:latest`.
 *
 * @throws {OptionError} if it is not a name
 */
export function normalizeReference(text: string, option: string): string {
  const [named, digest] = cut(text, "@");
  const slash = named.lastIndexOf("/");
  const colon = named.indexOf(":", slash + 1);
  const name = colon < 0 ? named : named.slice(0, colon);
  const tag = colon < 0 ? undefined : named.slice(colon + 1);
  const { domain, path } = splitDomain(name);
  const problem = ID_REGEXP.test(text)
    ? "it is an image id, not a name"
    : findProblem(domain, path, tag, digest);
  if (problem !== undefined) throw new OptionError(option, `"${text}": ${problem}`, EXAMPLE);
  const suffix = digest === undefined
    ? `:${tag ?? "latest"}`
    : `${tag === undefined ? "" : `:${tag}`}@${digest}`;
  return `${domain}/${path}${suffix}`;
}

function splitDomain(name: string): { domain: string; path: string } {
  const slash = name.indexOf("/");
  const head = slash < 0 ? "" : name.slice(0, slash);
  const isDomain = /[.:]/.test(head) || head === "localhost" || head.toLowerCase() !== head;
  if (!isDomain) return { domain: "docker.io", path: slash < 0 ? `library/${name}` : name };
  const path = name.slice(slash + 1);
  if (head !== "docker.io" && head !== "index.docker.io") return { domain: head, path };
  return { domain: "docker.io", path: path.includes("/") ? path : `library/${path}` };
}

function findProblem(
  domain: string,
  path: string,
  tag: string | undefined,
  digest: string | undefined,
): string | undefined {
  if (!DOMAIN_REGEXP.test(domain)) return `"${domain}" is not a registry host`;
  if (path !== path.toLowerCase()) return "a repository name must be lower case";
  if (!PATH_REGEXP.test(path)) return "it is not an image name";
  if (path.length > MAX_PATH_LENGTH) return `its name is longer than ${MAX_PATH_LENGTH}`;
  if (tag !== undefined && !TAG_REGEXP.test(tag)) return `"${tag}" is not a tag`;
  if (digest !== undefined && !DIGEST_REGEXP.test(digest)) return `"${digest}" is not a digest`;
  return undefined;
}

function cut(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}
