/** Which registries a build names, as far as that can be told from what is known of it here. */

/** What a build consists of. */
export interface NamingTexts {
  /** The Dockerfile; undefined if it is not known here. */
  readonly dockerfile: string | undefined;
  /** Everything else that can name a registry: attributes, tags, caches. */
  readonly others: readonly string[];
}

/**
 * A function that tells whether the build names a host: literally, somewhere. Where hosts may be put together from parts, or
 * the Dockerfile is not here or not in the usual language, any host may be meant.
 */
export function namedHosts({ dockerfile, others }: NamingTexts): (host: string) => boolean {
  if (dockerfile === undefined || isOpen(dockerfile, others)) return () => true;
  const texts = [dockerfile, ...others];
  return (host) => {
    const named = new RegExp(`(?<![\\w.-])${escaped(host)}(?![\\w-]|\\.\\w|:\\d)`);
    return texts.some((text) => named.test(text));
  };
}

const USUAL_SYNTAX_REGEXP = /^(?:docker\.io\/)?docker\/dockerfile(?:-upstream)?(?:[:@]|$)/;
const SYNTAX_REGEXP = /^\s*(?:#|\/\/)\s*syntax\s*=\s*(\S+)/im;
/** Words that name images. */
const IMAGE_REGEXP =
  /^\s*FROM\s+(?:--\S+\s+)*(\S+)|--from=(\S+)|\bfrom=([^\s,]+)|^\s*ARG\s+(.+)$/gim;

function isOpen(dockerfile: string, others: readonly string[]): boolean {
  const syntax = SYNTAX_REGEXP.exec(dockerfile)?.[1];
  if (syntax !== undefined && !USUAL_SYNTAX_REGEXP.test(syntax)) return true;
  if (others.some((text) => /^build-arg:BUILDKIT_SYNTAX=/.test(text))) return true;
  return [...dockerfile.replace(/[\\`]\r?\n/g, " ").matchAll(IMAGE_REGEXP)].some(
    ([, from, copied, mounted, args]) =>
      args === undefined
        ? isImagePutTogether((from ?? copied ?? mounted)!)
        : args.split(/\s+/).some((arg) => isPutTogether(arg.slice(arg.indexOf("=") + 1))),
  );
}

/** Without a slash it is an image of Docker Hub, unless it is all in a variable. */
function isImagePutTogether(name: string): boolean {
  return /[/]|^["']?\$/.test(name) && isPutTogether(name);
}

/** Whether the host in a value consists of parts. One variable alone has its value elsewhere in what is known. */
function isPutTogether(name: string): boolean {
  const host = name.replace(/["']/g, "").split("/")[0]!;
  return host.includes("$") && !/^\$(?:\w+|\{\w+\})(?::[\w.-]*|@.*)?$/.test(host);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
