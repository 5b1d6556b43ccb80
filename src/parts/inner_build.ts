/**
 * A named context that is the result of another build (frontend/dockerui/namedcontext.go, `input:`). Both are one build for
 * the daemon: the inner one's result is a definition, which the outer one gets as an input, so that nothing is exported in
 * between, and what the outer one does not use is not even run.
 */
import { BuildError } from "../build_error.ts";
import { openInputs } from "../context/open_inputs.ts";
import { OptionError, UnsupportedError } from "../errors.ts";
import { entitlements, frontendAttrs } from "../frontend/attrs.ts";
import { normalizePlatform } from "../frontend/platform.ts";
import type { GatewayAdditions } from "../gateway/client.ts";
import type { Reference } from "../gateway/reference.ts";
import type { GatewayResult } from "../gateway/result.ts";
import { refuseUnknown } from "../options.ts";
import type { InnerOptions } from "../types/context.ts";
import type { BuildOptions } from "../types.ts";
import type { BuildPart, PartScope } from "./part.ts";

/** The options of a build within a build; the compiler keeps this complete. */
const KNOWN: { readonly [Name in InnerOptions]: true } = {
  context: true,
  dockerfile: true,
  target: true,
  platforms: true,
  buildArgs: true,
  labels: true,
  noCache: true,
  pull: true,
  network: true,
  frontendAttrs: true,
};

const IMAGE_CONFIG = "containerimage.config";

/** What an inner build knows of the outer one. */
export interface InnerScope extends PartScope {
  /** The option's name, for messages. */
  readonly option: string;
  /** What the outer build is for. */
  readonly platforms: readonly string[];
}

/** The context `name` as the result of another build. */
export async function innerBuildContext(
  name: string,
  build: Pick<BuildOptions, InnerOptions>,
  scope: InnerScope,
): Promise<BuildPart> {
  const within = `${scope.option}.build`;
  refuseUnknown(build, Object.keys(KNOWN), within);
  if (build.context instanceof ReadableStream) {
    throw new OptionError(`${within}.context`, "a stream can't be the context of an inner build");
  }
  const platforms = choosePlatforms(build, scope);
  const { signal } = scope;
  const options = { ...build, ...(platforms.length > 0 && { platforms }) };
  const { attrs, inputs } = await rename(within, async () => {
    return { attrs: frontendAttrs(options), inputs: await openInputs({ ...build, signal }) };
  });
  const folders = { trees: inputs.trees, sharedKey: inputs.sharedKey, label: name };
  const own = { filename: inputs.filename, ...inputs.attrs, ...attrs };
  return {
    entitlements: entitlements(attrs),
    async prepare(client, sessions) {
      const served = await sessions.serve(folders);
      const attrs = { ...own, ...served.attrs };
      const solving = client.solve({ frontend: "dockerfile.v0", attrs });
      // A frontend that has not asked for its own Dockerfile has taken another one, and all it says is about that.
      const result = await solving.catch((error) => {
        throw served.wasAsked() || !(error instanceof BuildError)
          ? error
          : tooOld(scope.option, error);
      });
      if (!served.wasAsked()) throw tooOld(scope.option);
      return asContext(name, result);
    },
  };
}

function tooOld(option: string, cause?: unknown): UnsupportedError {
  const problem = `The builder's frontend is too old for ${option}`;
  return new UnsupportedError("local-sessionid", `${problem}: it needs BuildKit v0.16`, cause);
}

/** An inner build is made for what the outer one is for, unless it says otherwise. */
function choosePlatforms(
  { platforms }: Pick<BuildOptions, InnerOptions>,
  { option, platforms: outer }: InnerScope,
): string[] {
  if (platforms === undefined || platforms.length === 0) return [...outer];
  const within = `${option}.build.platforms`;
  const normal = platforms.map((platform, i) => normalizePlatform(platform, `${within}[${i}]`));
  const missing = outer.map((platform, i) => normalizePlatform(platform, `platforms[${i}]`))
    .find((platform) => normal.length > 1 && !normal.includes(platform));
  if (missing === undefined) return platforms;
  throw new OptionError(within, `it lacks ${missing}, for which the build that uses it is made`);
}

/** An option of an inner build is named with the place where it stands. */
async function rename<T>(within: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    throw new OptionError(`${within}.${error.option}`, error.problem, undefined, error);
  }
}

/** A result as the context of another solve. */
function asContext(
  name: string,
  { ref, refs, metadata }: GatewayResult,
): GatewayAdditions {
  if (refs === undefined) return input(name, ref, metadata.get(IMAGE_CONFIG));
  const additions = Array.from(refs, ([platform, item]) => {
    return input(`${name}::${platform}`, item, metadata.get(`${IMAGE_CONFIG}/${platform}`));
  });
  // Without this, an image of the name would be looked for in a registry. It is part of an error's text.
  const platforms = [...refs.keys()].sort().join(", ");
  const other = { [`context:${name}`]: `input:${name}, which is built for ${platforms} alone,` };
  return {
    attrs: Object.assign(other, ...additions.map(({ attrs }) => attrs)),
    inputs: Object.assign({}, ...additions.map(({ inputs }) => inputs)),
  };
}

function input(
  key: string,
  ref: Reference | undefined,
  config: Uint8Array | undefined,
): GatewayAdditions {
  const definition = ref?.toDefinition();
  if (definition === undefined) {
    return { attrs: { [`context:${key}`]: "docker-image://scratch" }, inputs: {} };
  }
  const metadata = config && { [IMAGE_CONFIG]: toBase64(config) };
  return {
    attrs: {
      [`context:${key}`]: `input:${key}`,
      ...(metadata && { [`input-metadata:${key}`]: JSON.stringify(metadata) }),
    },
    inputs: { [key]: definition },
  };
}

function toBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}
