/** All addresses that a builder can have: sockets, and daemons that are reached through something else (client/connhelper). */
import { OptionError } from "../errors.ts";
import { type Address, parseAddress, refuseUnseen } from "./address.ts";

/** A daemon in a container: reached by a program that is started in it. */
export interface ContainerAddress {
  readonly scheme: "docker-container" | "podman-container";
  readonly container: string;
  /** The docker context of the engine that has the container. */
  readonly context: string | undefined;
  readonly text: string;
}

/** A daemon in a Kubernetes pod; what is absent is as kubectl's configuration says. */
export interface PodAddress {
  readonly scheme: "kube-pod";
  readonly pod: string;
  readonly context: string | undefined;
  readonly namespace: string | undefined;
  readonly container: string | undefined;
  readonly text: string;
}

/** A daemon on a machine where one can log in. */
export interface SshHostAddress {
  readonly scheme: "ssh";
  readonly user: string | undefined;
  readonly host: string;
  readonly port: number | undefined;
  /** The daemon's socket there; absent: where buildctl looks. */
  readonly socket: string | undefined;
  readonly text: string;
}

/** Any of them. */
export type BuilderAddress = Address | ContainerAddress | PodAddress | SshHostAddress;

const EXAMPLE = "tcp://buildkit:1234, unix:///run/buildkit/buildkitd.sock, " +
  "docker-container://NAME, podman-container://NAME, kube-pod://POD or ssh://HOST";
const CONTAINER_EXAMPLE = "docker-container://buildkitd";
const POD_EXAMPLE = "kube-pod://buildkitd-0?namespace=ci";
const SSH_EXAMPLE = "ssh://me@build.example:22";

const CONTAINER_REGEXP = /^[a-zA-Z0-9][\w.-]*$/;
const KUBE_REGEXP = /^[a-z0-9][-a-z0-9.]*$/;
/** Names of contexts are free, but none may look like a flag or hold what can't be seen. */
const CONTEXT_REGEXP = /^(?!-)[^\p{C}\s][^\p{C}]*$/u;

/**
 * Parses a builder's address. `option` names where it came from, for the error.
 *
 * @throws {OptionError} if it is none that this client knows
 */
export function parseBuilderAddress(text: string, option = "address"): BuilderAddress {
  refuseUnseen(text, option);
  const match = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/is.exec(text);
  if (match === null) throw new OptionError(option, `"${text}" has no scheme`, EXAMPLE);
  const [, scheme, rest] = match as unknown as [string, string, string];
  switch (scheme) {
    case "tcp":
    case "unix":
      return parseAddress(text, option);
    case "docker-container":
    case "podman-container":
      return parseContainer(scheme, rest, { text, option });
    case "kube-pod":
      return parsePod(rest, { text, option });
    case "ssh":
      return parseSsh(rest, { text, option });
  }
  throw new OptionError(option, `"${text}" has the scheme ${scheme}, which is not known`, EXAMPLE);
}

/** What errors say about an address. */
interface Source {
  readonly text: string;
  readonly option: string;
}

function parseContainer(
  scheme: ContainerAddress["scheme"],
  rest: string,
  source: Source,
): ContainerAddress {
  const { text, option } = source;
  const known = scheme === "docker-container" ? ["context"] : [];
  const { name, query } = nameAndQuery(rest, known, source, CONTAINER_EXAMPLE);
  if (!CONTAINER_REGEXP.test(name)) {
    throw new OptionError(option, `"${text}" names no container`, CONTAINER_EXAMPLE);
  }
  return { scheme, container: name, context: contextOf(query, source), text };
}

function parsePod(rest: string, source: Source): PodAddress {
  const { text, option } = source;
  const parameters = ["context", "namespace", "container"];
  const { name, query } = nameAndQuery(rest, parameters, source, POD_EXAMPLE);
  const identifier = (what: string, value: string | undefined) => {
    if (value === undefined || KUBE_REGEXP.test(value)) return value;
    const problem = `"${text}" has the ${what} "${value}", which Kubernetes does not allow`;
    throw new OptionError(option, problem, POD_EXAMPLE);
  };
  if (name === "") throw new OptionError(option, `"${text}" names no pod`, POD_EXAMPLE);
  return {
    scheme: "kube-pod",
    pod: identifier("pod", name)!,
    context: contextOf(query, source),
    namespace: identifier("namespace", query.get("namespace")),
    container: identifier("container", query.get("container")),
    text,
  };
}

function parseSsh(rest: string, { text, option }: Source): SshHostAddress {
  const match =
    /^(?:([^-@:/?#\s][^@:/?#\s]*)@)?([^-@:/?#\s[\]][^@:/?#\s[\]]*|\[[0-9a-f:.]+\])(?::(\d{1,5}))?(\/[^?#]*)?$/i
      .exec(rest);
  if (match === null) {
    throw new OptionError(
      option,
      `"${text}" is not ssh://[user@]host[:port][/socket]`,
      SSH_EXAMPLE,
    );
  }
  const [, user, host, port, path] = match;
  return {
    scheme: "ssh",
    user,
    host: host!.replace(/^\[|\]$/g, ""),
    port: port === undefined ? undefined : Number(port),
    socket: path === undefined || path === "/" ? undefined : path,
    text,
  };
}

function contextOf(query: ReadonlyMap<string, string>, { text, option }: Source) {
  const context = query.get("context");
  if (context === undefined || CONTEXT_REGEXP.test(context)) return context;
  throw new OptionError(option, `"${text}" has a context that can't be one's name`);
}

/** `NAME?key=value&...`; empty values count as absent, as they do for buildctl. */
function nameAndQuery(
  rest: string,
  known: readonly string[],
  { text, option }: Source,
  example: string,
): { name: string; query: ReadonlyMap<string, string> } {
  const [, name, search] = /^([^/?#]*)\/?(?:\?([^#]*))?$/.exec(rest) ?? [];
  if (name === undefined) {
    throw new OptionError(option, `"${text}" has more than a name`, example);
  }
  const query = new Map([...new URLSearchParams(search)].filter(([, value]) => value !== ""));
  const unknown = [...query.keys()].find((key) => !known.includes(key));
  if (unknown !== undefined) {
    throw new OptionError(
      option,
      `"${text}" has the parameter ${unknown}, which is not known`,
      example,
    );
  }
  return { name, query };
}
