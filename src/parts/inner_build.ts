import { OptionError } from "../errors.ts";
import type { InnerOptions } from "../types/context.ts";
import type { BuildOptions } from "../types.ts";
import type { BuildPart } from "./part.ts";

/** The context `name` as the result of another build. `option` names it in messages. */
export function innerBuildContext(
  _name: string,
  _build: Pick<BuildOptions, InnerOptions>,
  option: string,
): Promise<BuildPart> {
  return Promise.reject(
    new OptionError(option, "the result of another build is not supported yet", '"./folder"'),
  );
}
