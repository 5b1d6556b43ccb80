/**
 * A frontend of your own: a function decides what is built while it is built. This one has a first stage say which version
 * it is, and puts that into the second one and its labels.
 *
 *     deno run -A examples/frontend.ts
 */
import { runFrontend } from "@moat/build";

const dockerfile = `
  FROM alpine AS version
  RUN echo 1.2.3 > /VERSION

  FROM scratch AS app
  ARG VERSION
  LABEL version=$VERSION
  COPY <<end /version.txt
$VERSION
end
`;

const { digest, metadata } = await runFrontend(async (client) => {
  const stage = (attrs: Record<string, string>) =>
    client.solve({ frontend: "dockerfile.v0", attrs: { ...client.attrs, ...attrs } });

  // Reading a file runs what makes it; only its bytes come here.
  const { ref } = await stage({ target: "version" });
  const version = new TextDecoder().decode(await ref!.readFile("/VERSION")).trim();
  console.log(`the version is ${version}`);
  return await stage({ "target": "app", "build-arg:VERSION": version });
}, { dockerfile, tags: ["app"], output: "image" });

console.log(`built ${digest}`);
console.log(`its config is ${metadata["containerimage.config.digest"]}`);
