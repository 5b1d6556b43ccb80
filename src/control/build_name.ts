/** What a build is called in lists: the record has no name of its own. */
import type { BuildHistoryRecord } from "../gen/control.ts";

/** The usual name of a Dockerfile, which says nothing. */
const USUAL = "Dockerfile";

/**
 * The name that the build was given (BUILDKIT_BUILD_NAME), else its context or its Dockerfile, where those are more than
 * the usual ones, else its repository, else the image's first name; then its target.
 */
export function buildName(
  { frontendAttrs: attrs, exporters }: Pick<BuildHistoryRecord, "frontendAttrs" | "exporters">,
): string {
  const given = attrs.get("build-arg:BUILDKIT_BUILD_NAME");
  if (given) return given;
  const target = attrs.get("target") ?? "";
  const image = exporters.map(({ attrs }) => attrs.get("name")?.split(",")[0] ?? "");
  const name = place(attrs) || attrs.get("vcs:source") || image.find(Boolean) || "";
  if (target === "") return name;
  return name === "" ? target : `${name} (${target})`;
}

function place(attrs: ReadonlyMap<string, string>): string {
  const context = attrs.get("context") || folder(attrs.get("vcs:localdir:context"));
  if (context !== "") return context;
  const file = attrs.get("filename") ?? USUAL;
  const parts = [...folder(attrs.get("vcs:localdir:dockerfile")).split("/"), ...file.split("/")];
  const shown = parts.at(-1) === USUAL ? parts.slice(0, -1) : parts;
  return shown.filter((part) => part !== "").slice(-2).join("/");
}

function folder(path = ""): string {
  return path === "." ? "" : path;
}
