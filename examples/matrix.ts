/**
 * A matrix: every version on every variant, all at once over one connection. Steps that two of them share run once, and
 * one that fails stops none of the others.
 *
 *     deno run -A examples/matrix.ts
 */
import { type BuildOptions, openBuilder } from "@moat/build";

const versions = ["1.0", "1.1", "2.0"];
const variants = ["slim", "full"];

const dockerfile = `
  FROM alpine AS slim
  ARG VERSION
  RUN test "$VERSION" != 2.0 || { echo "2.0 is not ready"; exit 1; }
  RUN echo "$VERSION" > /VERSION
  FROM slim AS full
  COPY extras.txt /
`;

const cells = versions.flatMap((version) => variants.map((variant) => ({ version, variant })));

function optionsOf({ version, variant }: typeof cells[number]): BuildOptions {
  return {
    context: { "extras.txt": "more\n" },
    dockerfile,
    target: variant,
    buildArgs: { VERSION: version },
    tags: [`app:${version}-${variant}`],
    output: "image",
  };
}

const builder = await openBuilder();
try {
  const outcomes = await Promise.allSettled(cells.map((cell) => builder.build(optionsOf(cell))));
  for (const [i, { version, variant }] of cells.entries()) {
    const outcome = outcomes[i]!;
    const what = outcome.status === "fulfilled" ? outcome.value.digest : outcome.reason.code;
    console.log(`${version} ${variant}: ${what}`);
  }
} finally {
  await builder.close();
}
