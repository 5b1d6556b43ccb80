/** The Dockerfile is malformed: what the frontend refuses before any step runs. */
import { nearest } from "../nearest.ts";
import { detailsOf } from "./details.ts";
import type { Diagnosis, Failure } from "./failure.ts";

const INSTRUCTIONS = [
  "ADD",
  "ARG",
  "CMD",
  "COPY",
  "ENTRYPOINT",
  "ENV",
  "EXPOSE",
  "FROM",
  "HEALTHCHECK",
  "LABEL",
  "ONBUILD",
  "RUN",
  "SHELL",
  "STOPSIGNAL",
  "USER",
  "VOLUME",
  "WORKDIR",
];

const MEANT_REGEXP = / \(did you mean (.+?)\?\)$/;

/** Advice by the daemon's text. */
const ADVICE: ReadonlyArray<[text: RegExp, advice: (match: RegExpExecArray) => string[]]> = [
  [/unknown instruction: (\S+)/, ([, word]) => {
    const near = nearest(word!, INSTRUCTIONS);
    return near === undefined ? [`Instructions are ${INSTRUCTIONS.join(", ")}.`] : [];
  }],
  [/no build stage in current context|no build stages? in/, () => [
    "Begin the Dockerfile with FROM, for example FROM scratch; only ARG may stand before it.",
  ]],
  [/file with no instructions|dockerfile cannot be empty/i, () => [
    "Begin the Dockerfile with FROM, for example FROM scratch.",
  ]],
  [/base name \((.*)\) should not be blank/, ([, name]) => {
    const argument = /\$\{?(\w+)/.exec(name!)?.[1];
    return argument === undefined ? [] : [
      `The build argument ${argument} has no value: give it one, or a default by ARG ${argument}=... above the first FROM.`,
    ];
  }],
  [/must be lowercase|must be lower case/, () => ["Write the image's name in lower case."]],
  [/invalid reference format/, () => [
    "Image names look like registry.example/team/app:1.2.",
  ]],
  [/(COPY|ADD) requires at least two arguments/, ([, name]) => [
    `${name} needs a source and a destination: ${name} app /app.`,
  ]],
  [/unexpected end of statement|unterminated heredoc/, () => [
    "A quote or a heredoc that was opened is not closed.",
  ]],
];

/** Recognises a malformed Dockerfile. */
export function invalidDockerfile(failure: Failure): Diagnosis | undefined {
  if (!isMalformed(failure)) return undefined;
  const meant = MEANT_REGEXP.exec(failure.message);
  const text = failure.message.replace(MEANT_REGEXP, "")
    .replace(/^dockerfile parse error(?: on)? line \d+: /, "");
  const suggestions = ADVICE.flatMap(([pattern, advice]) => {
    const match = pattern.exec(text);
    return match === null ? [] : advice(match);
  });
  return {
    code: "DOCKERFILE_INVALID",
    summary: text,
    suggestions: [
      ...(meant === null ? [] : [`Did you mean ${asFlag(text, meant[1]!)}?`]),
      ...suggestions,
    ],
  };
}

/** The daemon proposes flags without their dashes. */
function asFlag(text: string, word: string): string {
  return text.startsWith("unknown flag: --") ? `--${word.replace(/^-*/, "")}` : word;
}

/** Such errors have a place, but no step: none was made yet. Errors of images come from a registry, and say so. */
function isMalformed({ message, sources, details }: Failure): boolean {
  if (/^dockerfile parse error|^file with no instructions|^no build stage in/.test(message)) {
    return true;
  }
  return sources.length > 0 && detailsOf(details, "frontend").length > 0 &&
    detailsOf(details, "vertex").length === 0 && detailsOf(details, "solve").length === 0 &&
    !/failed to resolve source metadata|failed to do request|unexpected status/.test(message);
}
