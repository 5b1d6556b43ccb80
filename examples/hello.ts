/**
 * Hello: builds the folder `hello` beside this file, and says what came out.
 *
 *     deno run -A examples/hello.ts
 *
 * The builder is found as everywhere: BUILDKIT_HOST, else a Docker engine, else what is installed.
 */
import { build } from "@moat/build";

const { names, digest, builder } = await build({
  context: new URL("./hello/", import.meta.url),
  tags: ["hello"],
});

console.log(`${names.join(", ")} is ${digest}`);
console.log(`made by ${builder.address}, named by ${builder.from}`);
