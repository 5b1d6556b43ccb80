/** What is read of Dockerfiles here, against BuildKit's parser. */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import fc from "fast-check";
import { baseImages, parseDockerfile } from "../../src/docker/dockerfile.ts";
import { namedHosts } from "../../src/session/named_hosts.ts";
import { agreement, isError } from "./oracle.ts";
import { property, textOf } from "./support.ts";

const HOST = fc.constantFrom(
  "a.example",
  "a.example:5000",
  "localhost",
  "10.0.0.1:80",
  "b.example",
);
const IMAGE = fc.oneof(
  HOST.map((host) => `${host}/app`),
  HOST.map((host) => `${host}/team/app:1.2`),
  fc.constantFrom(
    "alpine",
    "base",
    "scratch",
    "$IMAGE",
    "${IMAGE:-a.example/x}",
    "$HOST/app",
    "a${X}.example/app",
    "0",
  ),
);
const LINE = fc.oneof(
  { weight: 5, arbitrary: IMAGE.map((image) => `FROM ${image}`) },
  { weight: 2, arbitrary: IMAGE.map((image) => `from --platform=$BUILDPLATFORM ${image} AS base`) },
  { weight: 2, arbitrary: IMAGE.map((image) => `FROM \\\n  # why\n  ${image}`) },
  { weight: 2, arbitrary: IMAGE.map((image) => `FROM \`\n  ${image}`) },
  { weight: 3, arbitrary: IMAGE.map((image) => `COPY --from=${image} /a /b`) },
  { weight: 2, arbitrary: IMAGE.map((image) => `COPY --chown=1:1 --from=${image} a b`) },
  { weight: 2, arbitrary: IMAGE.map((image) => `COPY \\\n--from=${image} /a /b`) },
  {
    weight: 2,
    arbitrary: IMAGE.map((image) => `RUN --mount=type=bind,from=${image},target=/x true`),
  },
  { weight: 2, arbitrary: HOST.map((host) => `ARG IMAGE=${host}/x`) },
  fc.constantFrom(
    ...[
      "",
      "# comment",
      "# escape=`",
      "#escape=\\",
      "# syntax=docker/dockerfile:1",
      "RUN <<EOF\nFROM x.example/y\nEOF",
    ],
    ...[
      "RUN echo \\",
      "COPY <<-'E F' /x",
      "EOF",
      "ARG HOST",
      "ENV A=b",
      "\tRUN x",
      'RUN ["a", \\\n "b"]',
      "\ufeffFROM c.example/x",
    ],
    ...[
      "ONBUILD RUN x",
      'RUN cat <<A <<-"B"\nA\n\tB\nx',
      "MAINTAINER me",
      "WORKDIR /x",
      "FROM",
      "COPY --from= a b",
    ],
  ),
  textOf([
    "FROM",
    " ",
    "\\",
    "\n",
    "`",
    "a.example/x",
    "#",
    "<<",
    "E",
    "--from=",
    '"',
    "\t",
    "\r\n",
    "$",
    "{",
    "}",
  ], 8),
);
const DOCKERFILE = fc.array(LINE, { minLength: 1, maxLength: 6 })
  .chain((lines) => fc.constantFrom("\n", "\r\n").map((end) => lines.join(end)));

interface Parsed {
  readonly images: readonly string[];
  readonly mounted: readonly string[];
  readonly bad: boolean;
}

/** The host of an image that names one, without variables. */
function hostOf(image: string): string | undefined {
  const [host = "", ...rest] = image.replace(/["']/g, "").split("/");
  const names = rest.length > 0 && /[.:]|^localhost$/.test(host) && !host.includes("$");
  return names && /^[\w.-]+(?::\d+)?$/.test(host) ? host : undefined;
}

agreement("namedHosts() misses no host of an image that the builder would load", {
  inputs: DOCKERFILE,
  runs: 5_000,
  question: (text) => ({ ask: "dockerfile", bytes: Buffer.from(text).toString("base64") }),
  ours: (dockerfile) => {
    const isNamed = namedHosts({ dockerfile, others: [] });
    return ["a.example", "a.example:5000", "localhost", "10.0.0.1:80", "b.example"].map(isNamed);
  },
  theirs: (answer, dockerfile) => {
    const isNamed = namedHosts({ dockerfile, others: [] });
    const hosts = isError(answer) || (answer as Parsed).bad
      ? []
      : [...(answer as Parsed).images, ...(answer as Parsed).mounted].map(hostOf).filter((host) =>
        host !== undefined
      );
    return ["a.example", "a.example:5000", "localhost", "10.0.0.1:80", "b.example"]
      .map((host) => hosts.includes(host) || isNamed(host));
  },
});

const PLAIN_DOCKERFILE = fc.array(
  fc.oneof(
    HOST.map((host) => `FROM ${host}/app:1`),
    HOST.map((host) => `COPY --from=${host}/a@sha256:1 /a /b`),
    fc.constantFrom(
      "RUN curl https://a.example/x",
      "# a.example:5000",
      "ENV X=b.example.",
      "FROM alpine",
    ),
  ),
  { minLength: 1, maxLength: 5 },
).map((lines) => lines.join("\n"));

property(
  "namedHosts() takes no host for one that looks like it",
  fc.record({
    dockerfile: PLAIN_DOCKERFILE,
    host: textOf(
      ["a", "b", "x", ".", "example", "a.example", ":5000", ":80", "-", "10.0.0.1", "_"],
      4,
    ),
  }),
  5_000,
  ({ dockerfile, host }) => {
    const words = dockerfile.split(/[\s/="'@]+/);
    const hosts = words.flatMap((word) => [word, word.replace(/:1$/, ""), word.replace(/\.$/, "")]);
    if (host === "" || hosts.includes(host)) return;
    assert.equal(namedHosts({ dockerfile, others: [] })(host), false, host);
  },
);

agreement("baseImages() finds the images that BuildKit's parser finds", {
  inputs: DOCKERFILE,
  runs: 5_000,
  question: (text) => ({ ask: "dockerfile", bytes: Buffer.from(text).toString("base64") }),
  ours: (text) =>
    baseImages(parseDockerfile(text), {}).filter((image) => hostOf(image) !== undefined).sort(),
  // What is no Dockerfile is left to the builder.
  theirs: (answer, text) => {
    const ours = baseImages(parseDockerfile(text), {}).filter((image) =>
      hostOf(image) !== undefined
    );
    if (isError(answer) || (answer as Parsed).bad) return ours.sort();
    const theirs = (answer as Parsed).images.filter((image) => hostOf(image) !== undefined);
    // Ours may be more: those that are in variables.
    const more = ours.filter((image) => text.includes("$") && !theirs.includes(image));
    return [...new Set([...theirs, ...more])].sort();
  },
});

property(
  "parseDockerfile() makes something of any text",
  fc.oneof(DOCKERFILE, fc.string()),
  3_000,
  (text) => {
    const instructions = parseDockerfile(text);
    assert(instructions.every(({ line }) => line >= 1 && line <= text.split("\n").length));
    baseImages(instructions, { IMAGE: "x" });
  },
);
