/** The names of the images that outputs make. */
import { OptionError } from "../errors.ts";
import { normalizeReference } from "../frontend/reference.ts";

/**
 * Names in their full form, for example `docker.io/library/app:latest`.
 *
 * @throws {OptionError} if one can't be an image's name
 */
export function normalizeNames(names: readonly string[], option: string): string[] {
  return names.map((name, i) => {
    const full = normalizeReference(name, `${option}[${i}]`);
    if (!full.includes("@")) return full;
    throw new OptionError(`${option}[${i}]`, `"${name}": a name to build can't have a digest`);
  });
}

/**
 * Names as a push by digest wants them: where to, but no tag.
 *
 * @throws {OptionError} if one has a tag
 */
export function untaggedNames(names: readonly string[], option: string): string[] {
  return names.map((name, i) => {
    const [full = ""] = normalizeNames([name], option);
    if (!/:[^/]*$/.test(name)) return full.replace(/:[^:/]*$/, "");
    throw new OptionError(
      `${option}[${i}]`,
      `"${name}" has a tag, but an image that is pushed by its digest gets none`,
      `"${name.replace(/:[^:/]*$/, "")}"`,
    );
  });
}
