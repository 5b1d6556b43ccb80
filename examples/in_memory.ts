/**
 * A context in memory: a site is made from data and becomes an image without a single file on this machine, so that no
 * permission for files is needed.
 *
 *     deno run --allow-net --allow-env=BUILDKIT_HOST examples/in_memory.ts
 */
import { build } from "@moat/build";

const articles = [
  { slug: "hello", title: "Hello, world" },
  { slug: "bytes", title: "All that a build reads is bytes" },
];

const pages = articles.map(({ slug, title }) => [`site/${slug}.html`, `<h1>${title}</h1>\n`]);

// The image comes as a stream: it could go on to a bucket, or into a response.
let bytes = 0;
const archive = new WritableStream<Uint8Array>({ write: (chunk) => void (bytes += chunk.length) });

const { digest, transfers } = await build({
  context: {
    ...Object.fromEntries(pages),
    "site/index.html": { symlink: "hello.html" },
    "bin/serve": { content: "#!/bin/sh\nexec httpd -f -h /site\n", mode: 0o755 },
  },
  dockerfile: `
    FROM scratch
    COPY . /
    CMD ["/bin/serve"]
  `,
  tags: ["site"],
  output: { type: "oci", dest: archive },
});

const sent = transfers.find(({ name }) => name === "context")!;
console.log(`the builder asked for ${sent.files} files`);
console.log(`${digest} is an archive of ${bytes} bytes`);
