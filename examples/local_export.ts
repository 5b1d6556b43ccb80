/**
 * Local export: a Dockerfile as a build system. What the last stage holds ends up in a folder on this machine, by default
 * `out`; the compiler and all else stay on the builder.
 *
 *     deno run -A examples/local_export.ts out
 */
import { readdirSync } from "node:fs";
import process from "node:process";
import { build } from "@moat/build";

const [dest = "out"] = process.argv.slice(2);

const dockerfile = `
  FROM alpine AS make
  WORKDIR /src
  COPY *.txt .
  RUN mkdir /dist && for file in *.txt; do sort "$file" > "/dist/$file"; done

  FROM scratch
  COPY --from=make /dist /
`;

const { outputs } = await build({
  context: { "fruit.txt": "pear\napple\n", "trees.txt": "oak\nash\n" },
  dockerfile,
  // `mode: "delete"` would also remove what an earlier build has left there.
  output: { type: "local", dest },
});

console.log(`${outputs[0]!.entries} entries, ${outputs[0]!.bytes} bytes in ${dest}:`);
for (const name of readdirSync(dest).sort()) console.log(`  ${name}`);
