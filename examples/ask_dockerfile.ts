/**
 * Questions to a Dockerfile: what can be built, what it takes, what is wrong with it. Nothing is built for the answers.
 *
 *     deno run -A examples/ask_dockerfile.ts
 */
import { check, outline, targets } from "@moat/build";

const options = {
  dockerfile: `
# base is where all others begin
FROM alpine as base

# app is the program
FROM base AS app
# NAME is what it is called
ARG NAME=app
RUN --mount=type=secret,id=token true
`,
};

for (const { name, description, default: isDefault } of await targets(options)) {
  console.log(`stage: ${name} ${description}${isDefault ? " (the default)" : ""}`);
}

const { args, secrets } = await outline({ ...options, target: "app" });
for (const { name, value, description } of args) {
  console.log(`argument: ${name} ${description}, by default "${value}"`);
}
for (const { name } of secrets) console.log(`secret: ${name}`);

const { passed, warnings } = await check(options);
console.log(passed ? "all checks passed" : "the checks say:");
for (const { rule, detail } of warnings) console.log(`  ${rule}: ${detail}`);
