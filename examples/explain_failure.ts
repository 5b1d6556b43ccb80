/**
 * A failed build explained: errors are data. What failed, in which lines, what it printed last, what may help.
 *
 *     deno run -A examples/explain_failure.ts
 */
import { build, BuildError } from "@moat/build";

const context = {
  "Dockerfile": `FROM alpine
COPY settings.json /etc/
RUN grep -q secure /etc/setings.json
`,
  "settings.json": `{ "secure": true }\n`,
};

try {
  await build({ context });
} catch (error) {
  if (!(error instanceof BuildError)) throw error;
  console.log(error.shortMessage);
  console.log(`code:      ${error.code}, exit code ${error.exitCode}`);
  for (const { filename, lines } of error.toJSON().sources) {
    for (const { line, text } of lines) console.log(`at:        ${filename}:${line} ${text}`);
  }
  for (const line of error.log) console.log(`it said:   ${line}`);
  for (const advice of error.suggestions) console.log(`try:       ${advice}`);
}
