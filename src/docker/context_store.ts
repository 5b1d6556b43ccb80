/** Docker's contexts: named engines in Docker's configuration folder (docker/cli cli/context/store). */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { TlsMaterial } from "../connect/tls.ts";
import type { Environment } from "../environment.ts";
import { EngineError } from "../errors.ts";
import { dockerFolder } from "../registry/docker_config.ts";
import { JsonSyntaxError, parseJson } from "../registry/parse_json.ts";
import { isNotCapable } from "../runtime/refusal.ts";

/** An engine as a context names it. */
export interface DockerContext {
  readonly name: string;
  /** What chose this context. */
  readonly from: "DOCKER_CONTEXT" | "config.json";
  /** For example `unix:///var/run/docker.sock`. */
  readonly host: string;
  readonly tls?: TlsMaterial;
}

/** The name of the context that is none: the engine of DOCKER_HOST or of the usual sockets. */
const DEFAULT = "default";

const TLS_FILES = { ca: "ca.pem", cert: "cert.pem", key: "key.pem" } as const;

/**
 * The context in use: DOCKER_CONTEXT's, else the configuration's current one; undefined if neither names any.
 *
 * @throws {EngineError} if it names one that can't be read
 */
export function currentContext(env: Environment): DockerContext | undefined {
  const folder = dockerFolder(env);
  const chosen = env("DOCKER_CONTEXT");
  if (chosen) return chosen === DEFAULT ? undefined : readContext(folder, chosen, "DOCKER_CONTEXT");
  if (folder === undefined) return undefined;
  const name = readJson(join(folder, "config.json"))?.["currentContext"];
  if (typeof name !== "string" || name === "" || name === DEFAULT) return undefined;
  return readContext(folder, name, "config.json");
}

function readContext(
  folder: string | undefined,
  name: string,
  from: DockerContext["from"],
): DockerContext {
  const store = join(folder ?? "", "contexts");
  // The store's folders are named so that any context name makes a valid one.
  const id = createHash("sha256").update(name).digest("hex");
  const meta = folder === undefined ? undefined : readJson(join(store, "meta", id, "meta.json"));
  const endpoint = bag(bag(meta?.["Endpoints"])?.["docker"]);
  const host = endpoint?.["Host"];
  if (typeof host !== "string" || host === "") {
    const problem = meta === undefined
      ? `is not in ${store}`
      : "names no Docker engine in its meta.json";
    throw new EngineError(
      "ENGINE_NOT_FOUND",
      `The docker context "${name}" (from ${from}) ${problem}. List them with docker context ls, or set DOCKER_HOST`,
    );
  }
  const tls = tlsOf(join(store, "tls", id, "docker"), endpoint?.["SkipTLSVerify"] === true);
  return { name, from, host, ...(tls && { tls }) };
}

/** The files of a context's TLS folder; undefined if there are none. */
function tlsOf(folder: string, insecure: boolean): TlsMaterial | undefined {
  const found = Object.entries(TLS_FILES).flatMap(([part, file]) => {
    const content = readIfThere(join(folder, file));
    return content === undefined ? [] : [[part, content] as const];
  });
  if (found.length === 0 && !insecure) return undefined;
  return { ...Object.fromEntries(found), ...(insecure && { insecure }) };
}

function readJson(path: string): Record<string, unknown> | undefined {
  const content = readIfThere(path);
  if (content === undefined) return undefined;
  try {
    return bag(parseJson(new TextDecoder().decode(content)));
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    throw new EngineError("ENGINE_NOT_FOUND", `Cannot read ${path}: ${error.message}`, error);
  }
}

/** A file's content; undefined if there is none, or it is out of reach, which is the same to who did not ask for it. */
export function readIfThere(path: string): Uint8Array | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    if (["ENOENT", "ENOTDIR", "EACCES"].includes(code) || isNotCapable(error)) return undefined;
    throw error;
  }
}

function bag(value: unknown): Record<string, unknown> | undefined {
  return typeof value === "object" && value !== null ? value as Record<string, unknown> : undefined;
}
