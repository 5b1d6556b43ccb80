/** The `contexts` option: what a Dockerfile knows by names (frontend/dockerui/namedcontext.go, buildx build/opt.go). */
import { isPlainObject, openSource } from "../context/local_source.ts";
import { hideCredentials, parseRemote, type RemoteSource } from "../context/remote.ts";
import { sharedKey } from "../context/shared_key.ts";
import { OptionError } from "../errors.ts";
import { contextName } from "../frontend/context_name.ts";
import { normalizeReference } from "../frontend/reference.ts";
import { show } from "../options.ts";
import type { InnerOptions } from "../types/context.ts";
import type { BuildOptions, ContextSource, NamedContext } from "../types.ts";
import { localMountOf } from "./local_mount.ts";
import { type BuildPart, mergeParts, type PartScope } from "./part.ts";

const CONTEXTS_CAP = "moby.buildkit.frontend.contexts+forward";
const QUERY_CAP = "moby.buildkit.frontend.gitquerystring+forward";
const IMAGE = "docker-image://";
const OCI_LAYOUT = "oci-layout://";

/** Makes the part of `contexts`. */
export async function contextsPart(
  { contexts = {}, platforms = [] }: BuildOptions,
  scope: PartScope,
): Promise<BuildPart> {
  const parts: BuildPart[] = [];
  const names = new Map<string, string>();
  for (const [key, source] of Object.entries(contexts)) {
    const option = /^\w+$/.test(key) ? `contexts.${key}` : `contexts[${JSON.stringify(key)}]`;
    const name = contextName(key, option);
    const twin = names.get(name);
    if (twin !== undefined) throw new OptionError(option, `it is the same name as "${twin}"`);
    names.set(name, key);
    parts.push({ attrs: { "frontend.caps": CONTEXTS_CAP } });
    parts.push(
      isInnerBuild(source)
        ? await (await import("./inner_build.ts")).innerBuildContext(name, source.build, {
          ...scope,
          option,
          platforms,
        })
        : await openNamed(name, source, option, scope),
    );
  }
  return mergeParts(parts);
}

async function openNamed(
  name: string,
  source: Exclude<NamedContext, { build: unknown }>,
  option: string,
  scope: PartScope,
): Promise<BuildPart> {
  if (typeof source !== "string" && !(source instanceof URL)) {
    return await localContext(name, source, option, scope);
  }
  const text = String(source);
  if (text === "") throw new OptionError(option, "it is empty", '"./folder"');
  if (text.startsWith(IMAGE)) return at(name, imageUrl(text, option));
  if (text.startsWith(OCI_LAYOUT)) {
    const { ociLayoutContext } = await import("./oci_layout.ts");
    const { value, storeId, store } = await ociLayoutContext(text, option);
    return { ...at(name, value), stores: new Map([[storeId, store]]) };
  }
  if (text.startsWith("target:")) {
    throw new OptionError(option, `"${text}" means something only in files of buildx bake`);
  }
  const remote = parseRemote(source, option);
  if (remote === undefined) return await localContext(name, source, option, scope);
  return {
    attrs: {
      ...(remote.kind === "git" && remote.hasQuery && { "frontend.caps": QUERY_CAP }),
      [`context:${name}`]: remoteUrl(remote, option),
    },
  };
}

function at(name: string, value: string): BuildPart {
  return { attrs: { [`context:${name}`]: value } };
}

/** `{ build: { ... } }`, and not the map of a file in memory that is called `build`. */
function isInnerBuild(
  source: NamedContext,
): source is { build: Pick<BuildOptions, InnerOptions> } {
  if (!isPlainObject(source) || !isPlainObject((source as { build?: unknown }).build)) return false;
  const { build } = source as { build: object };
  return !("content" in build || "symlink" in build);
}

function imageUrl(url: string, option: string): string {
  const name = url.slice(IMAGE.length);
  if (name !== "scratch") normalizeReference(name, option);
  return url;
}

/** Less is understood here than for the main context: a value is taken apart at its first colon. */
function remoteUrl({ url }: RemoteSource, option: string): string {
  if (/^(https?|git):\/\/|^git@/.test(url)) return url;
  const [, repository, rest] = /^(github\.com\/[^?#]*?)(?:\.git)?([?#].*)?$/.exec(url) ?? [];
  if (repository !== undefined) return `https://${repository}.git${rest ?? ""}`;
  throw new OptionError(
    option,
    `"${hideCredentials(url)}": the builder takes ssh only in the form git@host:path here`,
    '"git@github.com:owner/app.git"',
  );
}

async function localContext(
  name: string,
  source: ContextSource,
  option: string,
  { signal }: PartScope,
): Promise<BuildPart> {
  if (Array.isArray(source)) {
    throw new OptionError(option, `${show(source)} is a list, but it takes one folder`);
  }
  const mount = localMountOf(name);
  return {
    attrs: {
      [`context:${name}`]: `local:${mount}`,
      [`sharedkey:localdir:${name}`]: await sharedKey([source]),
    },
    trees: new Map([[mount, await openSource(source, option, signal)]]),
  };
}
