/** The target, or what a `COPY --from` or a mount names, is no stage of the Dockerfile. */
import { nearest } from "../nearest.ts";
import type { Diagnosis, Failure } from "./failure.ts";
import { QUOTED, unquote } from "./go_quote.ts";
import { describeStages, readDockerfile, stageNames } from "./stages.ts";

const TARGET_REGEXP = new RegExp(`target stage ${QUOTED} could not be found`);
const INDEX_REGEXP = /invalid stage index (\S+)/;
/** Where a stage is not known, its name is taken for an image's. */
const IMAGE_REGEXP = /failed to resolve source metadata for docker\.io\/library\/([\w.-]+):latest:/;

/** Recognises a stage that is not there. */
export function unknownStage({ message, sources, facts }: Failure): Diagnosis | undefined {
  const target = TARGET_REGEXP.exec(message)?.[1];
  const index = INDEX_REGEXP.exec(message)?.[1];
  const image = IMAGE_REGEXP.exec(message)?.[1];
  if ((target ?? index ?? image) === undefined) return undefined;
  const dockerfile = sources[0]?.lines.join("\n") ?? readDockerfile(facts);
  const names = dockerfile === undefined ? [] : stageNames(dockerfile);
  const list = describeStages(names);
  const code = "STAGE_NOT_FOUND";
  if (target !== undefined) {
    const name = unquote(target);
    const summary = `the target ${JSON.stringify(name)} is not a stage of the Dockerfile`;
    return { code, summary, suggestions: [...didYouMean(name, names), list] };
  }
  if (index !== undefined) {
    const summary =
      `there is no stage number ${index}: they are counted from 0, and only those above can be used`;
    return { code, summary, suggestions: [list] };
  }
  if (names.some((name) => name.toLowerCase() === image)) {
    const summary = `the stage ${image} is used before its own FROM`;
    return { code, summary, suggestions: ["Only stages that are further up can be used.", list] };
  }
  const guess = didYouMean(image!, names);
  if (guess.length === 0) return undefined;
  return {
    code,
    summary: `there is no stage ${image}, and no image of that name could be had`,
    suggestions: [...guess, list],
  };
}

function didYouMean(name: string, names: readonly string[]): string[] {
  const guess = nearest(name, names.filter((other) => other !== name));
  return guess === undefined ? [] : [`Did you mean ${guess}?`];
}
