/** The `vcs` option: what git says of the context (buildx build/git.go). */
import { localFolder, localFolders } from "../context/folders.ts";
import { missingGrant, runWith } from "../runtime/refusal.ts";
import { look } from "../context/look.ts";
import { OptionError } from "../errors.ts";
import { resolveRoot } from "../files/runtime.ts";
import { refuseUnknown, show } from "../options.ts";
import type { BuildOptions, VcsOptions } from "../types.ts";
import { type GitInfo, readGitInfo } from "../vcs/git_info.ts";
import { localMount } from "./local_mount.ts";
import type { BuildPart, PartScope } from "./part.ts";
import { native as path } from "../runtime/path.ts";

const LABELS = {
  revision: "label:org.opencontainers.image.revision",
  source: "label:org.opencontainers.image.source",
  entrypoint: "label:com.docker.image.source.entrypoint",
};

/** Makes the part of `vcs`. A repository that can't be read is worth a warning, and no more. */
export async function vcsPart(options: BuildOptions, scope: PartScope): Promise<BuildPart> {
  const { vcs = false } = options;
  if (vcs === false) return {};
  const wanted = checkOptions(vcs === true ? {} : vcs);
  const { context, dockerfile } = localFolders(options);
  // What is missing is found out, and explained, where it is opened.
  if (context === undefined || look(context, "context") === undefined) return {};
  let info: GitInfo | undefined;
  try {
    info = await readGitInfo(resolveRoot(context).root, { ...wanted, signal: scope.signal });
  } catch (error) {
    // Neither a damaged repository nor one that may not be read is a reason not to build.
    scope.signal.throwIfAborted();
    const grant = missingGrant(error);
    const reason = grant !== undefined
      ? runWith(grant)
      : error instanceof Error
      ? error.message
      : String(error);
    scope.logger?.warn?.(`The git revision of ${context} is not recorded: ${reason}`);
    return {};
  }
  if (info === undefined) return {};
  return {
    attrs: {
      ...(wanted.labels && labels(info, dockerfile)),
      ...(wanted.provenance && provenance(info, mounts(options))),
    },
  };
}

function checkOptions(options: VcsOptions): Required<VcsOptions> {
  if (typeof options !== "object" || options === null) {
    throw new OptionError("vcs", `${show(options)} is neither true nor { ... }`, "true");
  }
  const wanted = { dirty: "tracked" as const, provenance: true, labels: false, ...options };
  refuseUnknown(options, ["dirty", "provenance", "labels"], "vcs");
  if (wanted.dirty === false || wanted.dirty === "tracked" || wanted.dirty === "all") return wanted;
  throw new OptionError("vcs.dirty", `${show(wanted.dirty)} is not known`, '"tracked"');
}

function revision({ commit, dirty }: GitInfo): string | undefined {
  return commit === undefined || dirty !== true ? commit : `${commit}-dirty`;
}

function labels(info: GitInfo, dockerfile: string | undefined): Record<string, string> {
  const [made, { source }] = [revision(info), info];
  const entrypoint = dockerfile === undefined ? undefined : placeIn(info.root, dockerfile);
  return {
    ...(made !== undefined && { [LABELS.revision]: made }),
    ...(source !== undefined && { [LABELS.source]: source }),
    ...(entrypoint !== undefined && { [LABELS.entrypoint]: entrypoint }),
  };
}

function provenance(info: GitInfo, folders: ReadonlyMap<string, string>): Record<string, string> {
  const [made, { source }] = [revision(info), info];
  const attrs: Record<string, string> = {
    ...(made !== undefined && { "vcs:revision": made }),
    ...(source !== undefined && { "vcs:source": source }),
  };
  for (const [name, folder] of folders) {
    const place = placeIn(info.root, folder);
    if (place !== undefined) attrs[`vcs:localdir:${name}`] = place;
  }
  return attrs;
}

/** The folders of this machine by their local names. */
function mounts(options: BuildOptions): Map<string, string> {
  const { context, dockerfile } = localFolders(options);
  const folders = new Map<string, string>();
  if (context !== undefined) folders.set("context", context);
  if (dockerfile !== undefined) folders.set("dockerfile", path.dirname(dockerfile));
  for (const [name, source] of Object.entries(options.contexts ?? {})) {
    const folder = localFolder(source, "contexts");
    if (folder !== undefined) folders.set(localMount(name), folder);
  }
  return folders;
}

/** A path from the repository's top, `/`-separated; undefined for one outside of it, or that is not there. */
function placeIn(root: string, file: string): string | undefined {
  if (look(file, "context") === undefined) return undefined;
  const place = path.relative(root, resolveRoot(file).root).replaceAll(path.sep, "/");
  if (/^\.\.(\/|$)/.test(place) || path.isAbsolute(place)) return undefined;
  return place === "" ? "." : place;
}
