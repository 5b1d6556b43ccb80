/** From the `context` and `dockerfile` options to what the daemon may read, and where it is told to look. */
import { OptionError } from "../errors.ts";
import { overlayTrees } from "../files/overlay.ts";
import type { FileTree } from "../files/tree.ts";
import type { Handlers } from "../rpc/call.ts";
import { randomId } from "../session/id.ts";
import type { BuildOptions, ContextSource } from "../types.ts";
import { DEFAULT_NAME, openDockerfile, openDockerfileBeside } from "./dockerfile.ts";
import { isVirtual, openSource } from "./local_source.ts";
import { parseRemote, type RemoteSource } from "./remote.ts";
import { placeKey, sharedKey } from "./shared_key.ts";
import { isReadableStream } from "../runtime/streams.ts";

/** What a build reads. */
export interface BuildInputs {
  /** By local name: `context` and `dockerfile`, each unless it is remote. */
  readonly trees: ReadonlyMap<string, FileTree>;
  /** The Dockerfile's name within the `dockerfile` tree, or within a remote context. */
  readonly filename: string;
  /** See {@linkcode SessionOptions.sharedKey}. */
  readonly sharedKey: string;
  /** Attributes for the frontend that say where the context is, if not among the trees. */
  readonly attrs: Readonly<Record<string, string>>;
  /** Methods of the session through which the context comes, if not among the trees. */
  readonly handlers: Handlers;
  /** Lets go of what was not read. Idempotent. */
  close(reason?: unknown): Promise<void>;
}

/**
 * Opens the folders, takes in the virtual files of a build, and takes hold of a stream.
 *
 * @param needed `dockerfile`: whether there must be one. @default true
 * @throws {OptionError} if the context or the Dockerfile is missing
 */
export async function openInputs(
  options: BuildOptions,
  needed: { dockerfile: boolean } = { dockerfile: true },
): Promise<BuildInputs> {
  const { context, dockerfile, signal } = options;
  if (isReadableStream(context)) return await openStream(context, dockerfile);
  const mayLack = !needed.dockerfile && dockerfile === undefined;
  const sources = contextSources(mayLack ? { context: {}, ...options } : options);
  const [first] = sources;
  const remote = Array.isArray(context) || first === undefined || isVirtual(first)
    ? undefined
    : parseRemote(first, "context");
  if (remote !== undefined) return await openRemote(remote, dockerfile);
  const tree = await openContext(sources, signal);
  const found = mayLack
    ? { tree, filename: DEFAULT_NAME }
    : await openDockerfile(dockerfile, sources, tree);
  return {
    trees: new Map([["context", tree], ["dockerfile", found.tree]]),
    filename: found.filename,
    sharedKey: await sharedKey(sources),
    ...NOTHING_REMOTE,
  };
}

const NOTHING_REMOTE = { attrs: {}, handlers: {}, close: () => Promise.resolve() };

function contextSources({ context, dockerfile }: BuildOptions): ContextSource[] {
  if (context !== undefined) return [context].flat() as ContextSource[];
  return typeof dockerfile === "string" ? [{}] : ["."];
}

async function openContext(
  sources: ContextSource[],
  signal: AbortSignal | undefined,
): Promise<FileTree> {
  if (sources.length === 0) {
    throw new OptionError("context", "the list is empty", '[".", { "a.txt": "..." }]');
  }
  const trees = await Promise.all(sources.map((source, i) => {
    const option = sources.length > 1 ? `context[${i}]` : "context";
    refuseInList(source, option);
    return openSource(source, option, signal);
  }));
  return trees.reduce(overlayTrees);
}

/** What this machine does not hold as files can't be laid over anything. */
function refuseInList(source: ContextSource, option: string): void {
  const stream = isReadableStream(source);
  if (!stream && (isVirtual(source) || parseRemote(source, option) === undefined)) return;
  const what = stream ? "a stream" : "a remote context";
  throw new OptionError(option, `${what} can't be laid over other files; give it alone`);
}

async function openRemote(
  { kind, url, hasQuery }: RemoteSource,
  dockerfile: BuildOptions["dockerfile"],
): Promise<BuildInputs> {
  return {
    ...await openBeside(url, dockerfile, {
      // A frontend that does not know queries would take one for part of the address.
      ...(kind === "git" && hasQuery &&
        { "frontend.caps": "moby.buildkit.frontend.gitquerystring" }),
    }),
    handlers: {},
    close: () => Promise.resolve(),
  };
}

async function openStream(
  stream: ReadableStream<Uint8Array>,
  dockerfile: BuildOptions["dockerfile"],
): Promise<BuildInputs> {
  const { ArchiveStream } = await import("./archive_stream.ts");
  const { UPLOAD_URL, uploadHandlers } = await import("../session/upload.ts");
  const id = randomId();
  const opened = await openBeside(UPLOAD_URL + id, dockerfile, {});
  const archive = new ArchiveStream(stream);
  return {
    ...opened,
    // The id is another each time, but it is not another place.
    sharedKey: await placeKey("stream"),
    handlers: uploadHandlers(new Map([[id, (signal) => archive.read(signal)]])),
    close: (reason) => archive.close(reason),
  };
}

/** A context at a URL, with a Dockerfile from there or from here. */
async function openBeside(
  url: string,
  dockerfile: BuildOptions["dockerfile"],
  attrs: Readonly<Record<string, string>>,
): Promise<Pick<BuildInputs, "trees" | "filename" | "sharedKey" | "attrs">> {
  const { tree, filename } = await openDockerfileBeside(dockerfile);
  return {
    trees: new Map(tree === undefined ? [] : [["dockerfile", tree]]),
    filename,
    sharedKey: await placeKey({ url }),
    attrs: {
      ...attrs,
      context: url,
      ...(tree !== undefined && { dockerfilekey: "dockerfile" }),
    },
  };
}
